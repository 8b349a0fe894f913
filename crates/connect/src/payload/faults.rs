//! Faults of a body that do not keep its alerts from being raised: they are told, not refused.

use std::cell::RefCell;
use std::rc::Rc;

use watchfire_core::source::Parsed;

/// How many faults a remark names; the others are counted.
const NAMED: usize = 3;

/// What was passed over in a body; shared by all places of it.
#[derive(Clone, Default, Debug)]
pub(crate) struct Faults(Rc<RefCell<Vec<String>>>);

impl Faults {
    /// Adds a fault, with the place where it is; the same is kept once.
    pub(crate) fn add(&self, fault: String) {
        let mut faults = self.0.borrow_mut();
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }

    /// Writes the faults into the remark of what was read, behind what it says already.
    pub(crate) fn remarked(&self, mut parsed: Parsed) -> Parsed {
        let faults = self.0.borrow();
        if faults.is_empty() {
            return parsed;
        }
        let mut named: Vec<String> = parsed.remark.take().into_iter().chain(faults.iter().take(NAMED).cloned()).collect();
        if faults.len() > NAMED {
            named.push(format!("and {} more", faults.len() - NAMED));
        }
        parsed.remark = Some(named.join("; "));
        parsed
    }
}
