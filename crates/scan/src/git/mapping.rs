//! One thread's view of a pack, which never holds much of it.
//!
//! What was read of a mapped file counts as memory of the process until the mapping goes. So the mapping goes, and a new one
//! comes, whenever enough of the pack was touched; the pages stay in the system's cache.

use super::pack::{DeltaTree, Pack};
use gix::odb::pack::data;

/// The system brings in pages by blocks of this size.
const BLOCK_BYTES: u64 = 64 * 1024;
/// So much may be held by all threads together.
const HELD_BYTES: u64 = 32 << 20;

/// A pack, mapped.
pub(crate) struct Mapping<'a> {
    pack: &'a Pack,
    data: Option<data::File>,
    /// A bit for each block that was touched.
    touched: Vec<u64>,
    count: u64,
    most: u64,
}

impl<'a> Mapping<'a> {
    /// Will map `pack` for one of `threads` threads.
    pub(crate) fn new(pack: &'a Pack, threads: usize) -> Self {
        let most = HELD_BYTES / BLOCK_BYTES / (threads.max(1) as u64);
        Self { pack, data: None, touched: Vec::new(), count: 0, most: most.max(8) }
    }

    /// Reads the header of the entry at `offset`.
    ///
    /// # Errors
    /// When the pack cannot be read any more, or no entry stands there.
    pub(crate) fn entry(&mut self, offset: u64) -> Result<data::Entry, String> {
        self.touch(offset, offset)?.entry(offset).map_err(|error| error.to_string())
    }

    /// Returns the compressed bytes of an entry, which end where the next entry starts; `None` when that is before its start.
    ///
    /// # Errors
    /// When the pack cannot be read any more.
    pub(crate) fn compressed(&mut self, tree: &DeltaTree, node: u32, data_offset: u64) -> Result<Option<&[u8]>, String> {
        let next = tree.entries.get(node as usize + 1).map(|next| next.0);
        let data = self.touch(data_offset, next.unwrap_or(data_offset))?;
        let next = next.unwrap_or_else(|| data.pack_end() as u64);
        Ok(if data_offset <= next { data.entry_slice(data_offset..next) } else { None })
    }

    /// Notes that the bytes from `start` to `end` are about to be read, and returns the mapping.
    fn touch(&mut self, start: u64, end: u64) -> Result<&data::File, String> {
        if self.count > self.most {
            self.data = None;
            self.touched.fill(0);
            self.count = 0;
        }
        if self.data.is_none() {
            self.data = Some(data::File::at(&self.pack.path, self.pack.kind).map_err(|error| error.to_string())?);
        }
        let data = self.data.as_ref().ok_or("is not mapped")?;
        let len = data.pack_end() as u64;
        // Offsets come from the index, which may lie.
        if start >= len {
            return Err("stands beyond the end of the pack".to_owned());
        }
        let blocks = start / BLOCK_BYTES..=end.min(len) / BLOCK_BYTES;
        self.touched.resize(usize::try_from(len / BLOCK_BYTES / 64 + 1).map_err(|error| error.to_string())?, 0);
        for block in blocks {
            if let Some(bits) = usize::try_from(block / 64).ok().and_then(|word| self.touched.get_mut(word)) {
                let bit = 1 << (block % 64);
                self.count += u64::from(*bits & bit == 0);
                *bits |= bit;
            }
        }
        Ok(data)
    }
}
