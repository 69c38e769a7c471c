"""Paint, shapes, canvas and camera of the drawn demo photos; knows pixels, not what they show.
Pure: everything follows from the seed."""
