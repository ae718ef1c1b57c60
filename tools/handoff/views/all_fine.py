"""What a check says when it has found nothing."""


def all_fine(files: int) -> str:
    """Say how many files were checked, and that nothing was found."""
    return f"{files_checked(files)}, all fine"


def files_checked(files: int) -> str:
    """Say how many files were checked."""
    return f"{count(files, 'file')} checked"


def count(number: int, noun: str) -> str:
    """Write a number of things."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
