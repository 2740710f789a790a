"""Tables to a routable network and the evidence attached to it. The room where geometry is reckoned with."""
