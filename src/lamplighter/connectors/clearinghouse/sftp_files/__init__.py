"""X12 as files in two folders of an SFTP server: ours go into one, answers come into the other."""

from .client import SftpAuthorizations, SftpClearinghouse
from .folders import Folders

__all__ = ["Folders", "SftpAuthorizations", "SftpClearinghouse"]
