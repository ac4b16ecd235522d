"""The lessons that come with scopetutor, gone through by scripted learners."""
