"""The places that demo photos show, one file each: the same place is drawn neglected or cared for.
Whatever must be equal before and after is diced with `look.dice`, the disorder with `look.mess`."""
