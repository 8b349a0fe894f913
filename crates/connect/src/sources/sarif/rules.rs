//! What a run says about its rules.

use serde_json::Value;
use watchfire_core::source::Malformed;

use crate::payload::Node;

/// The rules of a run: of the driver and of its extensions.
pub(super) struct Rules<'v> {
    driver: Vec<Node<'v>>,
    extensions: Vec<Vec<Node<'v>>>,
}

impl<'v> Rules<'v> {
    pub(super) fn of(run: &Node<'v>) -> Result<Self, Malformed> {
        let extensions =
            run.list("tool.extensions")?.iter().map(|extension| extension.list("rules")).collect::<Result<_, _>>()?;
        Ok(Self { driver: run.list("tool.driver.rules")?, extensions })
    }

    /// Returns the rule of a result: by its place if that is given and fits, or else by its id.
    pub(super) fn of_result(&self, result: &Node<'_>) -> Result<Option<&Node<'v>>, Malformed> {
        let place = |path: &str| -> Result<Option<usize>, Malformed> {
            Ok(result.number(path)?.filter(|at| (0.0..1e6).contains(at)).map(|at| at as usize))
        };
        let component = place("rule.toolComponent.index")?;
        let rules = match component {
            Some(at) => self.extensions.get(at).unwrap_or(&self.driver),
            None => &self.driver,
        };
        let at = match place("rule.index")? {
            Some(at) => Some(at),
            None => place("ruleIndex")?,
        };
        let id = rule_id(result)?;
        if let Some(rule) = at.and_then(|at| rules.get(at))
            && id.is_none_or(|id| names(rule, id))
        {
            return Ok(Some(rule));
        }
        let Some(id) = id else { return Ok(None) };
        Ok(std::iter::once(&self.driver).chain(&self.extensions).flatten().find(|rule| names(rule, id)))
    }
}

/// Returns the rule id that a result names.
pub(super) fn rule_id<'v>(result: &Node<'v>) -> Result<Option<&'v str>, Malformed> {
    Ok(result.filled("ruleId")?.or(result.filled("rule.id")?))
}

/// Ids may be hierarchical: a result of `CA1000/1` belongs to the rule `CA1000` (section 3.52.4).
fn names(rule: &Node<'_>, id: &str) -> bool {
    rule.key("id")
        .and_then(Value::as_str)
        .is_some_and(|own| own == id || id.strip_prefix(own).is_some_and(|rest| rest.starts_with('/')))
}
