"""Payment companies behind `desk/ports/payments.py`."""
