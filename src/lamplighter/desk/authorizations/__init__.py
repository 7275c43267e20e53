"""Care that a plan wants to approve first: drafted, confirmed by a clinician, released by a biller, then followed.

`kept` holds what happened and folds it, `need` says whether one is needed, `clocks` when something is due, `todo` what
a person has to do, `work` what happens by itself, `acts` what staff do, `standing` what somebody who asks may hear.
"""
