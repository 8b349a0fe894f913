//! Which trees lead to the blobs in which something was found.

use super::pack::NONE;
use super::trees::{Step, TreeRecord};
use std::collections::{HashMap, HashSet, VecDeque};

/// Returns for each tree its entries that are hits or lead to hits.
///
/// Trees are many and hits few: what may lead to a hit is found upwards from the hits first, without looking at positions, so
/// that the entries of all other trees are never held.
pub(super) fn leading(records: &[TreeRecord], hits: &HashSet<u32>, objects: u32) -> HashMap<u32, Box<[(u32, u32)]>> {
    let mut special = Marks::new(objects);
    hits.iter().for_each(|&hit| special.mark(hit));
    let near = near(records, hits, objects);
    for (record, _) in records.iter().zip(&near).filter(|(_, near)| **near) {
        special.mark(record.number);
    }
    // Per record: position among all entries, name, child; only of what may lead to hits.
    let mut entries: Vec<Vec<(u32, u32, u32)>> = Vec::with_capacity(records.len());
    let mut above: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut carrying: VecDeque<u32> = VecDeque::new();
    let mut carries: HashSet<u32> = HashSet::new();
    for record in records {
        if !special.has(record.number) {
            entries.push(Vec::new());
            continue;
        }
        let own = entries_of(record, &entries, &special);
        for &(_, _, child) in &own {
            if hits.contains(&child) {
                if carries.insert(record.number) {
                    carrying.push_back(record.number);
                }
            } else {
                above.entry(child).or_default().push(record.number);
            }
        }
        entries.push(own);
    }
    while let Some(tree) = carrying.pop_front() {
        for &parent in above.get(&tree).into_iter().flatten() {
            if carries.insert(parent) {
                carrying.push_back(parent);
            }
        }
    }
    records
        .iter()
        .zip(entries)
        .filter(|(record, _)| carries.contains(&record.number))
        .map(|(record, entries)| {
            let kept = entries.into_iter().filter(|entry| hits.contains(&entry.2) || carries.contains(&entry.2));
            (record.number, kept.map(|(_, name, child)| (name, child)).collect())
        })
        .collect()
}

/// Returns the special entries of a record, with their positions; those of its base are known already.
fn entries_of(record: &TreeRecord, known: &[Vec<(u32, u32, u32)>], special: &Marks) -> Vec<(u32, u32, u32)> {
    let mut entries = Vec::new();
    let mut at = 0;
    for step in &record.steps {
        match *step {
            Step::New { name, child } => {
                if special.has(child) {
                    entries.push((at, name, child));
                }
                at += 1;
            }
            Step::Copy { from, count } => {
                if let Some(base) = known.get(record.base as usize) {
                    let first = base.partition_point(|entry| entry.0 < from);
                    let copied = base.iter().skip(first).take_while(|entry| entry.0 < from + count);
                    entries.extend(copied.map(|&(position, name, child)| (position - from + at, name, child)));
                }
                at += count;
            }
        }
    }
    entries
}

/// Says of each record whether it may lead to a hit: it names one itself, or its base does, or a child that may.
fn near(records: &[TreeRecord], hits: &HashSet<u32>, objects: u32) -> Vec<bool> {
    let count = u32::try_from(records.len()).unwrap_or(NONE);
    let mut is_hit = Marks::new(objects);
    hits.iter().for_each(|&hit| is_hit.mark(hit));
    let mut is_tree = Marks::new(objects);
    records.iter().for_each(|record| is_tree.mark(record.number));
    // Which records name a tree, and which are made of a record, as lists in two arrays.
    let mut naming = Lists::new(objects);
    let mut made = Lists::new(count);
    let mut near = vec![false; records.len()];
    let mut waiting: Vec<u32> = Vec::new();
    for (at, record) in (0_u32..).zip(records) {
        if record.base != NONE {
            made.add(record.base, at);
        }
        for step in &record.steps {
            if let Step::New { child, .. } = *step {
                if is_hit.has(child) {
                    waiting.push(at);
                } else if is_tree.has(child) {
                    naming.add(child, at);
                }
            }
        }
    }
    while let Some(at) = waiting.pop() {
        let (Some(slot), Some(record)) = (near.get_mut(at as usize), records.get(at as usize)) else {
            continue;
        };
        if !std::mem::replace(slot, true) {
            waiting.extend(naming.of(record.number));
            waiting.extend(made.of(at));
        }
    }
    near
}

/// A set of numbers below a bound.
struct Marks(Vec<u64>);

impl Marks {
    fn new(bound: u32) -> Self {
        Self(vec![0; bound as usize / 64 + 1])
    }

    fn mark(&mut self, number: u32) {
        if let Some(word) = self.0.get_mut(number as usize / 64) {
            *word |= 1 << (number % 64);
        }
    }

    fn has(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 != 0)
    }
}

/// A list of numbers for each number below a bound.
struct Lists {
    first: Vec<u32>,
    /// A number and where its list goes on.
    links: Vec<(u32, u32)>,
}

impl Lists {
    fn new(bound: u32) -> Self {
        Self { first: vec![NONE; bound as usize], links: Vec::new() }
    }

    fn add(&mut self, of: u32, number: u32) {
        if let Some(first) = self.first.get_mut(of as usize) {
            let link = u32::try_from(self.links.len()).unwrap_or(NONE);
            self.links.push((number, std::mem::replace(first, link)));
        }
    }

    fn of(&self, number: u32) -> impl Iterator<Item = u32> {
        let mut next = self.first.get(number as usize).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let &(number, after) = self.links.get(next as usize)?;
            next = after;
            Some(number)
        })
    }
}
