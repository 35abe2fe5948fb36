"""What leaves the house as text: the one quote record, and the forms it is printed in."""
