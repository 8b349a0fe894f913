//! What git tells its hooks about a push.

use super::range::Commits;
use gix::ObjectId;

/// Reads the lines of a `pre-receive` hook, `OLD NEW REF`, and returns the new tips beside the old ones.
pub(crate) fn received(lines: &[u8]) -> Commits {
    let mut commits = Commits::default();
    for fields in fields(lines) {
        let mut ids = fields.iter().take(2).map(|field| id(field));
        commits.hidden.extend(ids.next().flatten());
        commits.tips.extend(ids.next().flatten());
    }
    commits
}

/// Reads the lines of a `pre-push` hook, `REF NEW REMOTE_REF OLD`; what any remote is known to have is not sent.
pub(crate) fn sent(repo: &gix::Repository, lines: &[u8]) -> Commits {
    let mut commits = Commits::default();
    for fields in fields(lines) {
        commits.tips.extend(fields.get(1).and_then(|field| id(field)));
        commits.hidden.extend(fields.get(3).and_then(|field| id(field)));
    }
    if let Ok(references) = repo.references()
        && let Ok(remotes) = references.prefixed("refs/remotes/")
    {
        commits.hidden.extend(remotes.flatten().filter_map(|mut remote| Some(remote.peel_to_id().ok()?.detach())));
    }
    commits
}

/// Returns the commits of all references and of `HEAD`.
pub(crate) fn tips(repo: &gix::Repository) -> Vec<ObjectId> {
    let mut tips: Vec<ObjectId> = Vec::new();
    if let Ok(references) = repo.references()
        && let Ok(all) = references.all()
    {
        tips.extend(all.flatten().filter_map(|mut reference| Some(reference.peel_to_id().ok()?.detach())));
    }
    tips.extend(repo.head_id().ok().map(gix::Id::detach));
    tips.sort_unstable();
    tips.dedup();
    tips
}

fn fields(lines: &[u8]) -> impl Iterator<Item = Vec<&[u8]>> {
    lines
        .split(|&byte| byte == b'\n')
        .map(|line| line.split(|&byte| byte == b' ').collect())
        .filter(|fields: &Vec<&[u8]>| fields.len() >= 3)
}

/// Reads an id; all zeros mean that there is none.
fn id(hex: &[u8]) -> Option<ObjectId> {
    ObjectId::from_hex(hex).ok().filter(|id| !id.is_null())
}
