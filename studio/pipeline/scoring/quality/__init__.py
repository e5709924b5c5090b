"""Code quality: would a developer merge this code?"""
