"""What OpenID Connect asks of whoever takes another's word for who somebody is: keys, tokens, sign-in by a code.

Course sites (lti/) and a school's own sign-in service (school/signin.py) are asked by it.
"""
