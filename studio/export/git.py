"""A remote git repository in memory, without a working copy: reads a branch and adds one commit.

Knows no Django. Errors are `GitError` with the step, our description and an advice; the remote's
own words go to the log, masked.
"""

from __future__ import annotations

import contextlib
import logging
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from dulwich.client import HTTPUnauthorized, LocalGitClient, SSHGitClient
from dulwich.errors import HangupException, NotGitRepository, SendPackError
from dulwich.object_store import MemoryObjectStore, tree_lookup_path
from dulwich.objects import Blob, Commit, Tree
from dulwich.pack import pack_objects_to_data
from dulwich.repo import MemoryRepo

from studio.config.logging import quote_peer
from studio.export.http import ElsewhereError, HttpGitClient, NotGit, StatusError
from studio.export.ssh import HostKeyError, SshError, SshVendor
from studio.outgoing.budget import Budget
from studio.outgoing.errors import Denied, OutgoingError
from studio.outgoing.policy import Policy

DEPTH = 50  # commits searched for our last export
MOST_ANCESTORS = 10 * DEPTH  # with merges, a history of DEPTH commits has more
UNPACKED = 4  # times the packed size; code unpacks to three or four times
# Bytes of the list of branches, on top of a repository's size; 100,000 branches take 7 MB.
REFS = 20_000_000
AUTHOR = b"Likeness <likeness@localhost>"
# git's reports for a branch that has moved, and for one protected by a hook (receive-pack.c,
# transport.c).
MOVED = (
    "non-fast-forward",
    "fetch first",
    "stale info",
    "failed to update ref",
    "remote ref updated since checkout",
)
DECLINED = (
    "pre-receive hook declined",
    "hook declined",
    "protected branch hook declined",
    "update hook declined",
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Remote:
    """The address of a repository and the credentials.

    `secret` is a token, or a private key for ssh; it is never shown.
    """

    url: str
    username: str = ""
    secret: str = field(default="", repr=False)
    host_key: str = ""  # of an ssh server, as it was when the repository was added
    policy: Policy = field(default_factory=Policy)  # limits the addresses of connections
    seconds: float = 600.0  # for one whole exchange


class GitError(Exception):
    """Raised when git fails.

    `step`: what was being done; `words`: what went wrong; `advice`: what to do; `again`: whether a
    retry may help.
    """

    def __init__(self, step: str, words: str, advice: str, *, again: bool = False) -> None:
        super().__init__(f"{step}: {words} {advice}".strip())
        self.step = step
        self.words = words
        self.advice = advice
        self.again = again


@dataclass(frozen=True, slots=True)
class Branch:
    """A fetched branch. `head` is None if it does not exist; `ancestors` include the head."""

    name: str
    head: bytes | None
    ancestors: frozenset[bytes]


class RemoteRepository:
    """One fetch of a remote, and new commits on top of it."""

    def __init__(self, remote: Remote, largest: int) -> None:
        """`largest` is the number of packed bytes that the remote may send."""
        self.remote = remote
        self.largest = largest
        self.repo: Any = MemoryRepo()  # dulwich's own types only allow names it created itself
        self.repo.object_store = _Bounded(largest)
        self.refs: Mapping[bytes, bytes] = {}

    def fetch(self, *branches: str) -> None:
        """Fetch the newest commits of the branches; missing branches are ignored."""
        requested = {_make_ref(name) for name in branches}

        def choose_commits(refs: Mapping[bytes, bytes], depth: int | None = None) -> list[bytes]:
            self.refs = {name: sha for name, sha in refs.items() if sha is not None}
            heads = [sha for name, sha in self.refs.items() if name in requested]
            return [sha for sha in heads if sha not in self.repo.object_store]

        with self._talking("Reading the repository"):
            client, path = _make_client(self.remote, self.largest)
            shallow = {} if self.remote.url.startswith("file:") else {"depth": DEPTH}
            client.fetch(path, self.repo, determine_wants=choose_commits, **shallow)

    def branch(self, name: str) -> Branch:
        head = self.refs.get(_make_ref(name))
        return Branch(name, head, frozenset(self._ancestors(head)) if head else frozenset())

    def default_branch(self) -> str | None:
        head = self.refs.get(b"HEAD")
        prefix = b"refs/heads/"
        same = [name for name, sha in self.refs.items() if sha == head and name.startswith(prefix)]
        names = [name.removeprefix(prefix).decode() for name in same]
        for usual in ("main", "master"):
            if usual in names:
                return usual
        return names[0] if names else None

    def files(self, branch: Branch, folder: str = "") -> dict[str, bytes]:
        """Return the files of a folder by relative path; links and submodules are ignored."""
        if branch.head is None:
            return {}
        tree = self._tree(branch.head)
        if folder:
            try:
                mode, sha = tree_lookup_path(
                    self.repo.object_store.__getitem__, tree.id, folder.encode()
                )
            except (KeyError, NotADirectoryError):
                return {}
            if not stat.S_ISDIR(mode):
                return {}
            tree = self.repo.object_store[sha]
        return dict(self._walk(tree, ""))

    def commit(
        self,
        *,
        parent: Branch,
        onto: str,
        files: Mapping[str, bytes],
        deleted: tuple[str, ...],
        message: str,
        author: str,
    ) -> Callable[[], str]:
        """Prepare a commit of `parent`'s files with `files` and `deleted` applied.

        Returns a function that pushes it to `onto`.
        """
        new: list[Any] = []
        root = self._tree(parent.head) if parent.head else Tree()
        tree = self._put(root, {path: files.get(path) for path in (*files, *deleted)}, new)
        person = f"{author} <likeness@localhost>".encode() if author else AUTHOR
        commit: Any = Commit()
        commit.tree = tree.id
        commit.parents = [parent.head] if parent.head else []
        commit.author = commit.committer = person
        commit.author_time = commit.commit_time = int(time.time())
        commit.author_timezone = commit.commit_timezone = 0
        commit.encoding = b"UTF-8"
        commit.message = message.encode()
        new.append(commit)
        return lambda: self._push(_make_ref(onto), commit, new)

    def _push(self, ref: bytes, commit: Any, new: list[Any]) -> str:
        expected = self.refs.get(ref)

        def update(refs: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
            if refs.get(ref) != expected:
                raise GitError(
                    "Pushing",
                    f"{ref.decode().removeprefix('refs/heads/')} has changed since it was read.",
                    "Nothing was overwritten; try again.",
                    again=True,
                )
            return {ref: commit.id}

        with self._talking("Pushing"):
            client, path = _make_client(self.remote, self.largest)
            result = client.send_pack(
                path, update, lambda *args, **kwargs: pack_objects_to_data([(o, None) for o in new])
            )
            for name, words in (result.ref_status or {}).items():
                if words is not None:
                    raise _refuse(self.remote, name, words)
        return str(commit.id.decode())

    def _put(self, tree: Tree, changes: Mapping[str, bytes | None], new: list[Any]) -> Tree:
        """Return the tree with `changes` applied (None: delete); new objects are added to `new`."""
        out = Tree()
        for item in tree.items():
            out.add(item.path, item.mode, item.sha)
        below: dict[str, dict[str, bytes | None]] = {}
        for path, data in changes.items():
            first, _, rest = path.partition("/")
            if rest:
                below.setdefault(first, {})[rest] = data
            elif data is None:
                with contextlib.suppress(KeyError):
                    del out[first.encode()]
            else:
                blob = Blob.from_string(data)
                new.append(blob)
                mode = out[first.encode()][0] if first.encode() in out else 0o100644
                out.add(first.encode(), mode if stat.S_ISREG(mode) else 0o100644, blob.id)
        for name, inner in below.items():
            key = name.encode()
            subtree = Tree()
            if key in out and stat.S_ISDIR(out[key][0]):
                subtree = self.repo.object_store[out[key][1]]
            changed = self._put(subtree, inner, new)
            if len(changed):
                out.add(key, stat.S_IFDIR, changed.id)
            elif key in out:
                del out[key]
        new.append(out)
        return out

    def _walk(self, tree: Tree, start: str) -> Iterator[tuple[str, bytes]]:
        for item in tree.items():
            name = start + item.path.decode(errors="replace")
            if stat.S_ISDIR(item.mode):
                yield from self._walk(self.repo.object_store[item.sha], f"{name}/")
            elif stat.S_ISREG(item.mode):
                yield name, self.repo.object_store[item.sha].as_raw_string()

    def _tree(self, commit: bytes) -> Any:
        return self.repo.object_store[self.repo.object_store[commit].tree]

    def _ancestors(self, head: bytes) -> Iterator[bytes]:
        waiting = [head]
        known = {head}
        while waiting and len(known) < MOST_ANCESTORS:
            sha = waiting.pop(0)
            yield sha
            if sha in self.repo.object_store:
                parents = self.repo.object_store[sha].parents
                waiting += [parent for parent in parents if parent not in known]
                known.update(parents)

    @contextlib.contextmanager
    def _talking(self, step: str) -> Iterator[None]:
        with wrap_git_errors(self.remote, step):
            yield


class _Bounded(MemoryObjectStore):
    """A bounded object store: a remote may never end, or unpack to very much."""

    def __init__(self, largest: int) -> None:
        super().__init__()
        self.largest = largest
        self.unpacked = 0

    def add_pack(self) -> tuple[Any, Callable[[], None], Callable[[], None]]:
        file, commit, abort = super().add_pack()
        write = file.write

        def write_within_limit(data: Any) -> int:
            if file.tell() + len(data) > self.largest:
                raise self.too_large()
            return write(data)

        file.write = write_within_limit  # type: ignore[method-assign]
        return file, commit, abort

    def add_object(self, obj: Any) -> None:
        self.unpacked += obj.raw_length()
        if self.unpacked > UNPACKED * self.largest:
            raise self.too_large()
        super().add_object(obj)

    def too_large(self) -> GitError:
        size = f"{self.largest / 1e6:,.0f} MB"
        return GitError(
            "Reading the repository",
            f"The branch and its last {DEPTH} commits are larger than the limit of {size}.",
            "Export to a smaller repository, or raise EXPORT_MEGABYTES.",
        )


def check(remote: Remote) -> tuple[str | None, bool, str]:
    """Return the default branch (None if empty), whether it is writable, and why not.

    Raises GitError.
    """
    repository = RemoteRepository(remote, 0)  # only names are requested
    with wrap_git_errors(remote, "Reading the repository"):
        client, path = _make_client(remote, 0)
        refs = client.get_refs(path.encode()).refs
        repository.refs = {name: sha for name, sha in refs.items() if sha}
    try:
        with wrap_git_errors(remote, "Checking the permission to push"):
            client, path = _make_client(remote, 0)
            client.send_pack(path, lambda refs: {}, lambda *args, **kwargs: (0, iter(())))
    except GitError as error:
        return repository.default_branch(), False, error.words
    return repository.default_branch(), True, ""


@contextlib.contextmanager
def wrap_git_errors(remote: Remote, step: str) -> Iterator[None]:
    """Raise every failure of an exchange as a GitError; the remote's words go to the log."""
    try:
        yield
    except GitError:
        raise
    except OutgoingError as error:
        denied = isinstance(error, Denied)
        raise GitError(step, str(error), "" if denied else "Try again.", again=not denied) from None
    except HTTPUnauthorized:
        raise GitError(
            step,
            "The server refused the token.",
            "Enter a token that may read and write this repository.",
        ) from None
    except NotGitRepository:
        raise GitError(
            step,
            "There is no such repository.",
            "Check whether it was moved or deleted, or whether the token may see it.",
        ) from None
    except HostKeyError as error:
        raise GitError(
            step, str(error), "If this change is correct, add the repository again."
        ) from None
    except SshError as error:
        raise GitError(step, str(error), "") from None
    except StatusError as error:
        raise GitError(
            step,
            f"The server answered {error.status}.",
            "Check the permissions of the token.",
        ) from None
    except ElsewhereError:
        raise GitError(
            step, "The server redirects to another one.", "Enter the repository's own address."
        ) from None
    except NotGit:
        raise GitError(
            step, "No git server answers there.", "Check the repository's address."
        ) from None
    except SendPackError as error:
        raise _refuse(remote, b"", str(error)) from None
    except (HangupException, OSError, EOFError) as error:
        _log(remote, step, error)
        advice = "Check that the repository exists and the credentials may see it, or try again."
        raise GitError(step, "The connection was lost.", advice, again=True) from None
    except Exception as error:
        # dulwich raises many kinds of errors for malformed data, from GitProtocolError to
        # zlib.error.
        _log(remote, step, error)
        advice = "Check the repository's address; the studio's log has the details."
        raise GitError(step, "The server does not answer like a git server.", advice) from None


def mask_login(remote: Remote, words: str) -> str:
    """Return the words for a log line, without the credentials."""
    import base64

    secrets = []
    for secret in filter(None, (remote.secret, remote.secret.strip())):
        login = f"{remote.username or 'git'}:{secret}"
        secrets += [base64.b64encode(login.encode()).decode(), secret]
    return quote_peer(words, secrets)


def _log(remote: Remote, step: str, error: Exception) -> None:
    host = urlsplit(remote.url).hostname
    logger.warning(
        "%s at %s: %s: %s", step, host, type(error).__name__, mask_login(remote, str(error))
    )


def _refuse(remote: Remote, ref: bytes, words: str) -> GitError:
    """Return the error for a refused push, by the reason that git itself gives."""
    logger.warning(
        "%s refused a push: %s", urlsplit(remote.url).hostname, mask_login(remote, words)
    )
    branch = ref.decode(errors="replace").removeprefix("refs/heads/")
    if words in MOVED:
        sentence = f"{branch} has changed since it was read."
        return GitError("Pushing", sentence, "Nothing was overwritten; try again.", again=True)
    reason = "a hook declined it" if words in DECLINED else "the studio's log has the reason"
    advice = "If the branch is protected, choose another one or let this token push to it."
    return GitError("Pushing", f"The server refused the push: {reason}.", advice)


def _make_client(remote: Remote, largest: int) -> tuple[Any, str]:
    parts = urlsplit(remote.url)
    host = parts.hostname or ""
    most = largest + REFS
    if parts.scheme == "file":
        return LocalGitClient(), parts.path
    if parts.scheme == "ssh":
        budget = Budget(host, seconds=remote.seconds, most=most)
        vendor: Any = SshVendor(remote.secret, remote.host_key, remote.policy, budget)
        username = parts.username or "git"
        ssh = SSHGitClient(host, port=parts.port, username=username, vendor=vendor, quiet=True)
        return ssh, parts.path
    client = HttpGitClient(
        f"{parts.scheme}://{parts.netloc}",
        policy=remote.policy,
        seconds=remote.seconds,
        most=most,
        username=(remote.username or "git") if remote.secret else None,
        secret=remote.secret or None,
    )
    return client, parts.path


def _make_ref(branch: str) -> bytes:
    return f"refs/heads/{branch}".encode()
