"""The model classes the panel scaffolds its lists from. Reading is free, within a tenant; writing is the services' business."""

from app.store.models import CallPart, CallRecord, Change, Extension, SipAccount, Tenant, User

__all__ = ["CallPart", "CallRecord", "Change", "Extension", "SipAccount", "Tenant", "User"]
