"""What `manage.py doctor` tries: each part of the studio once, for real, with what to do if it fails."""
