"""How mails leave: one interface, one file for each backend, one contract suite that those which send pass.
Nothing here decides what is sent, when, or whether to try again: that is the queue's."""
