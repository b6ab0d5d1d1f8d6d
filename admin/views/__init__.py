"""One small class per noun."""
