"""python -m app run | up | migrate | import FILE | export [TENANT] | check"""

from gevent import monkey

monkey.patch_all()  # before anything imports peewee, psycopg or ssl: their waiting must yield to the other greenlets

import sys  # noqa: E402

from app.commandline import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
