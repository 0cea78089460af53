"""What OpenID Connect asks of whoever takes another's word for who somebody is: keys and tokens.

Course sites (lti/) are asked by it.
"""
