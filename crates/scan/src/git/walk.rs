//! Visits the objects of a pack, each once, bases before what is made of them.

use super::delta;
use super::mapping::Mapping;
use super::pack::{DeltaTree, NONE};
use crate::text::Segment;
use gix::zlib::{Inflate, Status};

/// What is done with each object. A visitor belongs to one thread.
pub(crate) trait Visit {
    /// What is kept of an object while its deltas are visited.
    type State;

    /// Looks at an object; `node` is its place in the delta tree.
    fn visit(&mut self, node: u32, text: &[u8], base: Option<Base<'_, Self::State>>) -> Self::State;

    /// Is told of an object that cannot be read; what is made of it is not visited.
    fn failed(&mut self, node: u32, why: String);
}

/// The base that an object is a delta of.
#[derive(Debug)]
pub(crate) struct Base<'a, S> {
    pub(crate) state: &'a S,
    pub(crate) text: &'a [u8],
    pub(crate) segments: &'a [Segment],
}

/// Reusable memory of one thread.
#[derive(Default)]
pub(crate) struct Walker {
    inflate: Inflate,
    delta: Vec<u8>,
    segments: Vec<Segment>,
    spare: Vec<Vec<u8>>,
}

struct Frame<S> {
    text: Vec<u8>,
    state: S,
    /// The next delta of this object to visit.
    next: u32,
}

/// Buffers larger than this are given back instead of being kept for the next object.
const SPARE_BYTES_MAX: usize = 4 << 20;

impl Walker {
    /// Visits `root`, which is stored whole, and everything that is made of it.
    pub(crate) fn walk<V: Visit>(&mut self, pack: &mut Mapping<'_>, tree: &DeltaTree, root: u32, limit: u64, visitor: &mut V) {
        let mut text = self.spare.pop().unwrap_or_default();
        if let Err(why) = self.inflate(pack, tree, root, limit, &mut text) {
            return fail(tree, root, &why, visitor);
        }
        let state = visitor.visit(root, &text, None);
        let mut stack = vec![Frame { text, state, next: tree.first_child(root) }];
        while let Some(top) = stack.last_mut() {
            let node = top.next;
            if node == NONE {
                if let Some(done) = stack.pop() {
                    self.recycle(done.text);
                }
                continue;
            }
            top.next = tree.sibling_after(node);
            let mut delta = std::mem::take(&mut self.delta);
            let mut text = self.spare.pop().unwrap_or_default();
            let made = self.inflate(pack, tree, node, limit, &mut delta).and_then(|()| {
                delta::apply(&top.text, &delta, limit, &mut text, &mut self.segments).map_err(|error| error.to_string())
            });
            self.delta = delta;
            if let Err(why) = made {
                self.recycle(text);
                fail(tree, node, &why, visitor);
                continue;
            }
            let base = Base { state: &top.state, text: &top.text, segments: &self.segments };
            let state = visitor.visit(node, &text, Some(base));
            let last = top.next == NONE;
            let first_child = tree.first_child(node);
            if first_child == NONE {
                self.recycle(text);
                continue;
            }
            // A chain keeps only its end: a base goes as soon as its last delta is made.
            if last && let Some(done) = stack.pop() {
                self.recycle(done.text);
            }
            stack.push(Frame { text, state, next: first_child });
        }
    }

    fn inflate(
        &mut self,
        pack: &mut Mapping<'_>,
        tree: &DeltaTree,
        node: u32,
        limit: u64,
        out: &mut Vec<u8>,
    ) -> Result<(), String> {
        let &(offset, _) = tree.entries.get(node as usize).ok_or("no such entry")?;
        let entry = pack.entry(offset)?;
        if entry.decompressed_size > limit {
            return Err("larger than the limit for one file".to_owned());
        }
        let input = pack.compressed(tree, node, entry.data_offset)?.ok_or("ends before it starts")?;
        // Deflate cannot shrink by more than 1032 to 1: a larger promise is a lie that must not cost memory.
        if entry.decompressed_size > (input.len() as u64).saturating_mul(1040) + 64 {
            return Err("promises more bytes than it can hold".to_owned());
        }
        out.clear();
        out.resize(usize::try_from(entry.decompressed_size).map_err(|error| error.to_string())?, 0);
        self.inflate.reset();
        match self.inflate.once(input, out) {
            Ok((Status::StreamEnd, _, written)) if written == out.len() => Ok(()),
            Ok(_) => Err("its data does not have the promised size".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn recycle(&mut self, text: Vec<u8>) {
        if text.capacity() <= SPARE_BYTES_MAX && self.spare.len() < 8 {
            self.spare.push(text);
        }
    }
}

/// Reports an object and everything that is made of it.
fn fail<V: Visit>(tree: &DeltaTree, node: u32, why: &str, visitor: &mut V) {
    visitor.failed(node, why.to_owned());
    let mut below: Vec<u32> = tree.children(node).collect();
    while let Some(node) = below.pop() {
        visitor.failed(node, format!("its delta base is unreadable ({why})"));
        below.extend(tree.children(node));
    }
}
