//! The decision about one incident.

use super::{Autonomy, Denied, Identity, Level, Right, Role};
use crate::incident::{Sensitivity, Visibility};

/// What counts about an incident when somebody asks for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Object {
    pub visibility: Visibility,
    pub sensitivity: Sensitivity,
    /// The highest level that the asker has on it by a role held in it, a grant of their own or a grant of one of their
    /// teams; `None` has none. A grant that has run out is none.
    pub level: Option<Level>,
    /// How much the asker's teams trust their developers; `None` leaves it to the level alone. It counts for the role
    /// Restricted, and not for whoever manages the incident.
    pub autonomy: Option<Autonomy>,
}

/// What follows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decision {
    Allowed,
    /// The asker may know of the incident and may not do this.
    Denied(Denied),
    /// For the asker it is not there.
    Hidden,
}

impl Decision {
    /// Tells whether it is allowed.
    pub fn is_allowed(&self) -> bool {
        *self == Self::Allowed
    }
}

/// Decides whether somebody has a right on an incident.
///
/// The laws, in order: whoever cannot see the incident is told nothing of it. The sensitivity `employee` leaves only those
/// with a level of their own. An owner sees and does everything else; members see and work on what is open; managers say
/// who sees it. A level adds to what the role gives. What the level to act means for the role Restricted is narrowed by the
/// autonomy of their team. A credential that was made for less reaches less.
pub fn decide(who: &Identity, right: Right, object: &Object) -> Decision {
    if who.is_machine() {
        return Decision::Allowed;
    }
    if who.carries(Right::Read).is_err() {
        return Decision::Hidden;
    }
    // A level is a person's; the scope of a service holds none either.
    let level = object.level.filter(|_| who.login().is_some());
    let by_role = match (object.sensitivity, object.visibility) {
        (Sensitivity::Employee, _) => None,
        (_, Visibility::Restricted) => (who.role == Role::Owner).then_some(Level::Manage),
        (_, Visibility::Open) => match who.role {
            Role::Restricted => None,
            Role::Member => Some(Level::Act),
            Role::Manager | Role::Owner => Some(Level::Manage),
        },
    };
    let Some(reached) = level.max(by_role) else { return Decision::Hidden };
    let needed = match right {
        Right::Read => Level::Read,
        Right::Say | Right::Heal | Right::Act => Level::Act,
        Right::Manage => Level::Manage,
        Right::Configure | Right::Administer => return who.may(right).map_or_else(Decision::Denied, |()| Decision::Allowed),
    };
    if let Err(denied) = who.carries(right) {
        return Decision::Denied(denied);
    }
    if let Some(autonomy) = object.autonomy
        && who.role == Role::Restricted
        && needed == Level::Act
        && reached == Level::Act
        && !autonomy.holds(right)
    {
        return Decision::Denied(Denied::Autonomy { autonomy });
    }
    if reached >= needed { Decision::Allowed } else { Decision::Denied(Denied::Level { needed }) }
}
