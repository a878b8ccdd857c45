"""The policies of library versions: what a version holds, and how the next one is added."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_assist.core.draft_rows import Rows
from agent_assist.core.errors import NotFound
from agent_assist.core.policy import Policy
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.faults import Faults, LibraryFaulty
from agent_assist.library.files import TextFolder
from agent_assist.library.policy_cells import file_cells, read_policy_rows
from agent_assist.library.policy_files import file_name, policy_file
from agent_assist.library.vocabulary import read_vocabulary
from agent_assist.library.vocabulary_files import vocabulary_files
from agent_assist.store.publications import Publication, digest
from agent_assist.store.schema import LibraryPolicy, LibraryVersion, PolicyVersion


def vocabulary_texts(session: Session, version: int) -> dict[str, str]:
    """The texts of a library version's vocabulary, by file name; NotFound if there is none."""
    found = session.get(LibraryVersion, version)
    if found is None:
        raise NotFound("library version", str(version))
    return dict(found.vocabulary)


def policy_versions(session: Session, library: int) -> Sequence[PolicyVersion]:
    """The policies of a library version, each in one language; none for version 0."""
    return session.scalars(
        select(PolicyVersion)
        .join(
            LibraryPolicy,
            (LibraryPolicy.policy_id == PolicyVersion.policy_id)
            & (LibraryPolicy.locale == PolicyVersion.locale)
            & (LibraryPolicy.policy_version == PolicyVersion.version),
        )
        .where(LibraryPolicy.library_version == library)
        .order_by(PolicyVersion.file)
    ).all()


def policy_table(session: Session, library: int) -> Rows:
    """The policies of a library version as cells by key."""
    held = policy_versions(session, library)
    return {one.file.removesuffix(".md"): file_cells(one.text) for one in held}


def library_hash(vocabulary: Vocabulary, policies: Iterable[Policy]) -> str:
    """A hash over all that a library version holds."""
    files = sorted(_files(vocabulary, policies).values())
    return digest([dict(vocabulary_files(vocabulary)), files])


def append_library(
    session: Session, vocabulary: Vocabulary, policies: Sequence[Policy], publication: Publication
) -> int:
    """Add a library version; gives its number. The caller holds the lock of versions."""
    number = (session.scalars(select(func.max(LibraryVersion.version))).one() or 0) + 1
    session.add(
        LibraryVersion(
            version=number,
            content_hash=library_hash(vocabulary, policies),
            published_at=publication.at,
            published_by=publication.by,
            note=publication.note,
            effective_at=publication.effective_at,
            draft_id=publication.draft_id,
            approved_by=publication.approved_by,
            vocabulary=dict(vocabulary_files(vocabulary)),
        )
    )
    session.flush()
    for (policy_id, locale), (name, text) in _files(vocabulary, policies).items():
        version = _policy_version(session, policy_id, locale, name, text)
        session.add(
            LibraryPolicy(
                library_version=number,
                policy_id=policy_id,
                locale=locale,
                policy_version=version,
            )
        )
    session.flush()
    return number


def append_policies(session: Session, rows: Rows, base: int, publication: Publication) -> int:
    """Add a library version with the vocabulary of another and the policies of some rows.

    Raises:
        LibraryFaulty: they cannot be read in that vocabulary.
    """
    vocabulary = read_vocabulary(TextFolder(vocabulary_texts(session, base)), Faults())
    if vocabulary is None:
        raise NotFound("library version", str(base))
    policies, faults = read_policy_rows(rows, vocabulary)
    if faults:
        raise LibraryFaulty(faults)
    return append_library(session, vocabulary, list(policies.values()), publication)


def _files(
    vocabulary: Vocabulary, policies: Iterable[Policy]
) -> Mapping[tuple[str, str], tuple[str, str]]:
    """Name and text of each policy's file, by id and locale."""
    locale = vocabulary.locale
    return {
        (policy.id, policy.locale): (
            file_name(policy, locale),
            policy_file(policy, is_original=policy.locale == locale),
        )
        for policy in policies
    }


def _policy_version(session: Session, policy_id: str, locale: str, name: str, text: str) -> int:
    """The policy's newest version if it reads the same, else a new one."""
    newest = session.scalars(
        select(PolicyVersion)
        .where(PolicyVersion.policy_id == policy_id, PolicyVersion.locale == locale)
        .order_by(PolicyVersion.version.desc())
        .limit(1)
    ).first()
    if newest is not None and (newest.file, newest.text) == (name, text):
        return newest.version
    version = newest.version + 1 if newest is not None else 1
    session.add(
        PolicyVersion(policy_id=policy_id, locale=locale, version=version, file=name, text=text)
    )
    session.flush()
    return version
