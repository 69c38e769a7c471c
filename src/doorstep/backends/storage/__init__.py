"""Where photos lie: one interface, one file for each backend, one contract suite that all of them pass.
Nothing here decides who may see an object: that is settled before."""
