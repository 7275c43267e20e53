"""What a front desk does, a module per duty. Declares the ports it needs; never imports who implements them."""
