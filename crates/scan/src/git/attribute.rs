//! Tells for every value of a history which commit brought it to which path first, and where it still stands.

use super::graph::Introduction;
use super::history::History;
use super::pack::NONE;
use crate::collect::{Collector, Origination};
use crate::text::{Body, Located, Origin, select};
use std::collections::{BTreeSet, HashMap, HashSet};

/// More branches than this are not named at one place.
const BRANCHES_MAX: usize = 32;

/// A value, whatever its rule's confidence.
type Value<'a> = (Origin, &'a [u8]);

/// Adds the values of `history` to `collector`: one place per path, with the first commit that had the value there.
pub(crate) fn collect(repo: &gix::Repository, mut history: History, collector: &mut Collector) {
    let mut blobs: HashMap<u32, Vec<Located>> = HashMap::new();
    for found in std::mem::take(&mut history.found) {
        let kept: Vec<Located> = select(found.located).into_iter().filter(|one| collector.wants(one)).collect();
        if !kept.is_empty() {
            blobs.insert(found.number, kept);
        }
    }
    if blobs.is_empty() {
        return;
    }
    let heads = heads(repo, &history);
    let tips = heads.iter().map(|head| head.commit).chain(tagged(repo, &history));
    let reached = history.graph.reachable(tips);
    let present = standing(&history, &blobs, &heads);
    let mut people = People { repo, history: &history, known: HashMap::new() };
    let mut seen: HashSet<(Value<'_>, Box<[u32]>)> = HashSet::new();
    let mut placed: HashSet<u32> = HashSet::new();
    // What references reach comes first, so that a commit that was dropped is named only where no other had the value.
    for want_reached in [true, false] {
        history.graph.introductions(|introduction| {
            let is_reached = reached.contains(&introduction.commit);
            let Some(located) = blobs.get(&introduction.blob).filter(|_| is_reached == want_reached) else {
                return;
            };
            placed.insert(introduction.blob);
            let fresh: Vec<Located> =
                located.iter().filter(|one| seen.insert((value(&one.body), introduction.path.clone()))).cloned().collect();
            if !fresh.is_empty() {
                let mut origination = people.of(introduction.commit);
                origination.reachable = Some(is_reached);
                let path = path(&history.names, &introduction);
                for one in fresh {
                    let branches = present.get(&(value(&one.body), introduction.path.clone()));
                    origination.present = Some(branches.is_some());
                    origination.branches = branches
                        .into_iter()
                        .flatten()
                        .filter_map(|head| heads.get(*head).map(|head| head.name.clone()))
                        .take(BRANCHES_MAX)
                        .collect();
                    collector.add(&path, vec![one], &origination);
                }
            }
        });
    }
    drop(seen);
    drop(present);
    for (number, located) in blobs {
        if !placed.contains(&number) {
            let name = history.objects.id(number).map_or_else(String::new, |id| format!("blob {id}"));
            let nowhere = Origination { present: Some(false), reachable: Some(false), ..Origination::default() };
            collector.add(name.as_bytes(), located, &nowhere);
        }
    }
}

struct Head {
    name: String,
    commit: u32,
}

/// Returns the branches, local and remote, and `HEAD` when it is on none of them.
fn heads(repo: &gix::Repository, history: &History) -> Vec<Head> {
    let mut heads: Vec<Head> = Vec::new();
    if let Ok(references) = repo.references() {
        for prefix in ["refs/heads/", "refs/remotes/"] {
            let Ok(found) = references.prefixed(prefix) else {
                continue;
            };
            for mut reference in found.flatten() {
                let Ok(id) = reference.peel_to_id() else {
                    continue;
                };
                if let Some(commit) = history.objects.number(&id) {
                    heads.push(Head { name: crate::redact::escape_path(reference.name().shorten()), commit });
                }
            }
        }
    }
    if let Ok(id) = repo.head_id()
        && let Some(commit) = history.objects.number(&id)
        && heads.iter().all(|head| head.commit != commit)
    {
        heads.push(Head { name: "HEAD".to_owned(), commit });
    }
    heads
}

/// Returns the commits of all other references.
fn tagged(repo: &gix::Repository, history: &History) -> Vec<u32> {
    let Ok(references) = repo.references() else {
        return Vec::new();
    };
    let Ok(all) = references.all() else {
        return Vec::new();
    };
    all.flatten().filter_map(|mut reference| history.objects.number(&reference.peel_to_id().ok()?)).collect()
}

/// Returns the heads in whose trees each value stands at each path.
fn standing<'a>(
    history: &History,
    blobs: &'a HashMap<u32, Vec<Located>>,
    heads: &[Head],
) -> HashMap<(Value<'a>, Box<[u32]>), BTreeSet<usize>> {
    let mut standing: HashMap<(Value<'a>, Box<[u32]>), BTreeSet<usize>> = HashMap::new();
    for (index, head) in heads.iter().enumerate() {
        history.graph.present(head.commit, |introduction| {
            for one in blobs.get(&introduction.blob).into_iter().flatten() {
                standing.entry((value(&one.body), introduction.path.clone())).or_default().insert(index);
            }
        });
    }
    standing
}

/// Reads who wrote a commit, once per commit.
struct People<'a> {
    repo: &'a gix::Repository,
    history: &'a History,
    known: HashMap<u32, Origination>,
}

impl People<'_> {
    fn of(&mut self, number: u32) -> Origination {
        if let Some(known) = self.known.get(&number) {
            return known.clone();
        }
        let read = self.history.objects.id(number).map(|id| originate(self.repo, id)).unwrap_or_default();
        self.known.insert(number, read.clone());
        read
    }
}

/// Reads author and date of a commit; what is broken stays empty.
pub(super) fn originate(repo: &gix::Repository, id: gix::ObjectId) -> Origination {
    let mut origination = Origination { commit: Some(id.to_string()), ..Origination::default() };
    let Ok(object) = repo.find_object(id) else {
        return origination;
    };
    let Ok(commit) = object.try_into_commit() else {
        return origination;
    };
    if let Ok(author) = commit.author() {
        origination.author = Some(crate::redact::escape_path(author.name));
        origination.email = Some(crate::redact::escape_path(author.email));
        origination.date = author.time().ok().and_then(|time| time.format(gix::date::time::format::ISO8601_STRICT).ok());
    }
    origination
}

fn value(body: &Body) -> Value<'_> {
    (body.origin, &body.value)
}

fn path(names: &[Box<[u8]>], introduction: &Introduction) -> Vec<u8> {
    let parts: Vec<&[u8]> =
        introduction.path.iter().map(|name| names.get(*name as usize).map_or(&b""[..], |name| name)).collect();
    debug_assert!(!introduction.path.contains(&NONE), "only interned names lead to hits");
    parts.join(&b'/')
}
