"""Every service outside of this process, each behind an interface with errors of its own, and its local stand-in.
Vendor libraries are imported here and nowhere else; nothing here knows a feature of the product."""
