//! The secret engine: finds leaked secrets in text, trees and git history; knows nothing of incidents.
