//! Scans every blob of a repository once and tells where its values came from.

use super::graph::Graph;
use super::mapping::Mapping;
use super::objects::Objects;
use super::pack::{DeltaTree, NONE, Pack};
use super::paths::{Named, Names, Parents, Paths};
use super::trees::{CommitRecord, TreeReader, TreeRecord};
use super::walk::{Base, Visit, Walker};
use crate::report::{Incomplete, Scanned};
use crate::text::{Class, Located, Scanner, Segments, TextState};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// How a history is scanned.
pub(crate) struct Historical<'a> {
    pub(crate) scanner: &'a Scanner,
    pub(crate) jobs: usize,
    /// Whether every byte is scanned, instead of only what is new in a delta.
    pub(crate) full: bool,
    pub(crate) bytes_max: u64,
    pub(crate) progress: &'a (dyn Fn(u64) + Sync),
}

/// The values of one blob.
#[derive(Debug)]
pub(crate) struct BlobFound {
    pub(crate) number: u32,
    pub(crate) located: Vec<Located>,
}

/// All blobs with values, and what tells where they came from.
pub(crate) struct History {
    pub(crate) found: Vec<BlobFound>,
    pub(crate) graph: Graph,
    pub(crate) names: Vec<Box<[u8]>>,
    pub(crate) objects: Objects,
    pub(crate) incomplete: Vec<Incomplete>,
    pub(crate) scanned: Scanned,
}

/// How many roots a thread takes at once.
const SHARE: usize = 16;
/// Objects are held whole; larger ones are reported instead.
const OBJECT_BYTES_MAX: u64 = 256 << 20;
/// More broken objects of one repository are counted, not listed.
const LISTED_MAX: usize = 20;

/// Scans all objects of `repo`.
pub(crate) fn scan_history(repo: &gix::Repository, how: &Historical<'_>) -> History {
    let mut objects = Objects::of(repo, &[]);
    let trees: Vec<DeltaTree> = objects.packs.iter().map(Pack::delta_tree).collect();
    let parents = Parents::new(objects.len());
    let names = Names::new();
    let read = read_trees(&objects, &trees, &names, &parents, how);
    let names = names.into_list();
    let scanned = scan_blobs(&objects, &trees, &names, &parents, how);
    let mut broken: Vec<(u32, String)> = read.broken;
    broken.extend(scanned.broken);
    for (pack, tree) in objects.packs.iter().zip(&trees) {
        broken.extend(
            tree.broken
                .iter()
                .map(|(node, why)| (tree.entries.get(*node as usize).map_or(NONE, |entry| pack.first + entry.1), why.clone())),
        );
    }
    drop(trees);
    drop(parents);
    let mut incomplete = std::mem::take(&mut objects.incomplete);
    list_broken(&objects, broken, &mut incomplete);
    if read.missing > 0 && !repo.is_shallow().unwrap_or(false) {
        let why = format!("{} entries of trees point to objects that are missing", read.missing);
        incomplete.push(Incomplete { what: "history".to_owned(), why });
    }
    let hits = scanned.found.iter().map(|found| found.number).collect();
    let graph = Graph::new(&read.trees, read.commits, &hits, objects.len());
    let mut found = scanned.found;
    found.sort_unstable_by_key(|found| found.number);
    History { found, graph, names, objects, incomplete, scanned: scanned.scanned }
}

fn list_broken(objects: &Objects, mut broken: Vec<(u32, String)>, incomplete: &mut Vec<Incomplete>) {
    broken.sort();
    broken.dedup();
    let more = broken.len().saturating_sub(LISTED_MAX);
    for (number, why) in broken.into_iter().take(LISTED_MAX) {
        let what = objects.id(number).map_or_else(|| "an object".to_owned(), |id| format!("object {id}"));
        incomplete.push(Incomplete { what, why });
    }
    if more > 0 {
        incomplete.push(Incomplete { what: format!("{more} more objects"), why: "cannot be read".to_owned() });
    }
}

#[derive(Default)]
struct TreesRead {
    trees: Vec<TreeRecord>,
    commits: Vec<CommitRecord>,
    missing: u64,
    broken: Vec<(u32, String)>,
}

fn read_trees(objects: &Objects, trees: &[DeltaTree], names: &Names, parents: &Parents, how: &Historical<'_>) -> TreesRead {
    let whole = Mutex::new(TreesRead::default());
    let merge = |mut reader: TreeReader<'_>| {
        let Ok(mut whole) = whole.lock() else { return };
        let offset = u32::try_from(whole.trees.len()).unwrap_or(NONE);
        for record in &mut reader.trees {
            if record.base != NONE {
                record.base += offset;
            }
        }
        whole.trees.append(&mut reader.trees);
        whole.commits.append(&mut reader.commits);
        whole.broken.append(&mut reader.broken);
        whole.missing += reader.missing;
    };
    for (pack, tree) in objects.packs.iter().zip(trees) {
        shared(how.jobs, tree.others.len(), |take| {
            let mut reader = new_reader(objects, names, parents, pack.first, &tree.entries);
            let (mut walker, mut mapping) = (Walker::default(), Mapping::new(pack, how.jobs));
            while let Some(range) = take() {
                for &root in tree.others.get(range).unwrap_or_default() {
                    walker.walk(&mut mapping, tree, root, OBJECT_BYTES_MAX, &mut reader);
                }
            }
            merge(reader);
        });
    }
    let mut reader = new_reader(objects, names, parents, 0, &[]);
    let mut text = Vec::new();
    for at in 0..objects.loose.len() {
        let number = objects.loose_number(at);
        if !objects.is_first(number) {
            continue;
        }
        match objects.read_loose(at, |kind| kind != gix::objs::Kind::Blob, OBJECT_BYTES_MAX, &mut text) {
            Ok(Some(gix::objs::Kind::Commit)) => reader.commit(number, &text),
            Ok(Some(gix::objs::Kind::Tree)) => {
                reader.tree(number, &text, None);
            }
            Ok(_) => {}
            Err(why) => reader.broken.push((number, why)),
        }
    }
    merge(reader);
    whole.into_inner().unwrap_or_default()
}

fn new_reader<'a>(
    objects: &'a Objects,
    names: &'a Names,
    parents: &'a Parents,
    first: u32,
    entries: &'a [(u64, u32)],
) -> TreeReader<'a> {
    TreeReader { objects, names, parents, first, entries, trees: Vec::new(), commits: Vec::new(), missing: 0, broken: Vec::new() }
}

#[derive(Default)]
struct BlobsScanned {
    found: Vec<BlobFound>,
    scanned: Scanned,
    broken: Vec<(u32, String)>,
}

/// Scans the blobs of one thread.
struct BlobScanner<'a> {
    how: &'a Historical<'a>,
    objects: &'a Objects,
    paths: Paths<'a>,
    first: u32,
    entries: &'a [(u64, u32)],
    result: BlobsScanned,
}

impl Visit for BlobScanner<'_> {
    type State = (TextState, Arc<Named>);

    fn visit(&mut self, node: u32, text: &[u8], base: Option<Base<'_, Self::State>>) -> Self::State {
        let number = self.entries.get(node as usize).map_or(NONE, |entry| self.first + entry.1);
        let named = self.paths.of(number);
        let segments = base.as_ref().filter(|_| !self.how.full).map(|base| Segments {
            list: base.segments,
            base: &base.state.0,
            base_len: u32::try_from(base.text.len()).unwrap_or(NONE),
            same_file: Arc::ptr_eq(&base.state.1, &named),
        });
        let state = self.how.scanner.scan(text, &named.context(), segments);
        self.note(number, text, &state);
        (state, named)
    }

    fn failed(&mut self, node: u32, why: String) {
        self.result.broken.push((self.entries.get(node as usize).map_or(NONE, |entry| self.first + entry.1), why));
    }
}

impl BlobScanner<'_> {
    fn note(&mut self, number: u32, text: &[u8], state: &TextState) {
        self.result.scanned.documents += 1;
        self.result.scanned.bytes += text.len() as u64;
        (self.how.progress)(text.len() as u64);
        let has_something = !state.results.is_empty() || state.class == Class::Archive;
        if has_something && self.objects.is_first(number) {
            let mut incomplete = Vec::new();
            let located = self.how.scanner.locate(text, state, b"", &mut incomplete);
            for (inner, why) in incomplete {
                self.result.broken.push((number, format!("{why} ({inner})")));
            }
            self.result.found.push(BlobFound { number, located });
        }
    }
}

fn scan_blobs(
    objects: &Objects,
    trees: &[DeltaTree],
    names: &[Box<[u8]>],
    parents: &Parents,
    how: &Historical<'_>,
) -> BlobsScanned {
    let whole = Mutex::new(BlobsScanned::default());
    let limit = how.bytes_max.min(OBJECT_BYTES_MAX);
    let merge = |mut result: BlobsScanned| {
        let Ok(mut whole) = whole.lock() else { return };
        whole.found.append(&mut result.found);
        whole.broken.append(&mut result.broken);
        whole.scanned.documents += result.scanned.documents;
        whole.scanned.bytes += result.scanned.bytes;
    };
    let scanner = |first, entries| BlobScanner {
        how,
        objects,
        paths: Paths::new(parents, names),
        first,
        entries,
        result: BlobsScanned::default(),
    };
    for (pack, tree) in objects.packs.iter().zip(trees) {
        shared(how.jobs, tree.blobs.len(), |take| {
            let mut visitor = scanner(pack.first, tree.entries.as_slice());
            let (mut walker, mut mapping) = (Walker::default(), Mapping::new(pack, how.jobs));
            while let Some(range) = take() {
                for &root in tree.blobs.get(range).unwrap_or_default() {
                    walker.walk(&mut mapping, tree, root, limit, &mut visitor);
                }
            }
            merge(visitor.result);
        });
    }
    shared(how.jobs, objects.loose.len(), |take| {
        let mut visitor = scanner(0, &[]);
        let mut text = Vec::new();
        while let Some(range) = take() {
            for at in range {
                let number = objects.loose_number(at);
                if !objects.is_first(number) {
                    continue;
                }
                match objects.read_loose(at, |kind| kind == gix::objs::Kind::Blob, limit, &mut text) {
                    Ok(Some(_)) => {
                        let named = visitor.paths.of(number);
                        let state = how.scanner.scan(&text, &named.context(), None);
                        visitor.note(number, &text, &state);
                    }
                    Ok(None) => {}
                    Err(why) => visitor.result.broken.push((number, why)),
                }
            }
        }
        merge(visitor.result);
    });
    whole.into_inner().unwrap_or_default()
}

/// Runs `work` on `jobs` threads, which take shares of `count` pieces until none are left.
fn shared(jobs: usize, count: usize, work: impl Fn(&dyn Fn() -> Option<Range<usize>>) + Sync) {
    let next = AtomicUsize::new(0);
    let take = || {
        let start = next.fetch_add(SHARE, Ordering::Relaxed);
        (start < count).then(|| start..(start + SHARE).min(count))
    };
    let threads = jobs.min(count.div_ceil(SHARE)).max(1);
    if threads == 1 {
        return work(&take);
    }
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| work(&take));
        }
    });
}
