//! Repeats, branches and standing rules.
use super::GenerateError;
use super::code::Node;
use super::constants::number;
use super::known::{Known, Policy};
use super::nose::NOSE_TARGET;
use super::steps::{Flow, Writer};
use super::words::quote;
use flightsmith_mission::plan::{Condition, SafeEnd, Step};

/// Repeats whose rounds cannot be written as one loop are written out, up to this many.
const MOST_WRITTEN_OUT: u32 = 8;

impl Writer<'_> {
    pub(super) fn repeat(
        &mut self,
        times: u32,
        steps: &[Step],
        known: &mut Known,
        out: &mut Vec<Node>,
    ) -> Result<Flow, GenerateError> {
        if times <= 1 {
            return self.steps(steps, known, out);
        }
        match self.looped(times, steps, known) {
            Ok((node, after)) => {
                out.push(node);
                *known = after;
                Ok(Flow::GoesOn)
            }
            // The rounds differ in something that has to be decided in advance: write each round.
            Err(GenerateError::OrderDependsOnTheWay) if times <= MOST_WRITTEN_OUT => {
                for round in 1..=times {
                    out.push(Node::Comment(format!("Round {round} of {times}.")));
                    if self.steps(steps, known, out)? == Flow::Ends {
                        return Ok(Flow::Ends);
                    }
                }
                Ok(Flow::GoesOn)
            }
            Err(error) => Err(error),
        }
    }

    pub(super) fn looped(&mut self, times: u32, steps: &[Step], known: &Known) -> Result<(Node, Known), GenerateError> {
        let mut entry = known.clone();
        // Every turn forgets at least one of the five things that are known, so this ends.
        loop {
            let (mut after, mut body) = (entry.clone(), Vec::new());
            if self.steps(steps, &mut after, &mut body)? == Flow::Ends {
                return Err(GenerateError::EndsInARepeat);
            }
            let meeting = entry.clone().or(&after);
            if meeting == entry {
                let mut after = self.after_rounds(times, steps, known).unwrap_or(after);
                if after.nose != entry.nose
                    && matches!(&after.nose, Some(Policy::At(target, _)) if target == NOSE_TARGET)
                {
                    // The variable lives in the loop.
                    after.nose = None;
                }
                let rounds = self.constants.count("ROUNDS", times);
                return Ok((Node::each(format!("_round in 0..{rounds}"), body), after));
            }
            entry = meeting;
        }
    }

    /// What is known after all rounds, walked one after the other; not for very many.
    pub(super) fn after_rounds(&mut self, times: u32, steps: &[Step], known: &Known) -> Option<Known> {
        const MOST_WALKED: u32 = 100;
        let mut after = known.clone();
        for _ in 0..(times <= MOST_WALKED).then_some(times)? {
            self.steps(steps, &mut after, &mut Vec::new()).ok()?;
        }
        Some(after)
    }

    pub(super) fn branch(
        &mut self,
        condition: &Condition,
        then: &[Step],
        otherwise: &[Step],
        known: &mut Known,
        out: &mut Vec<Node>,
    ) -> Result<Flow, GenerateError> {
        let (mut known_then, mut known_otherwise) = (known.clone(), known.clone());
        let (mut nodes_then, mut nodes_otherwise) = (Vec::new(), Vec::new());
        let flow_then = self.steps(then, &mut known_then, &mut nodes_then)?;
        let flow_otherwise = self.steps(otherwise, &mut known_otherwise, &mut nodes_otherwise)?;
        *known = match (flow_then, flow_otherwise) {
            (Flow::Ends, _) => known_otherwise,
            (_, Flow::Ends) => known_then,
            _ => known_then.or(&known_otherwise),
        };
        let has_code = |nodes: &[Node]| nodes.iter().any(|node| !matches!(node, Node::Comment(_)));
        let (has_then, has_otherwise) = (has_code(&nodes_then), has_code(&nodes_otherwise));
        if !has_then && !has_otherwise {
            return Ok(Flow::GoesOn);
        }
        let condition = self.condition(condition, !has_then);
        let (then, otherwise) = if has_then { (nodes_then, nodes_otherwise) } else { (nodes_otherwise, Vec::new()) };
        out.push(Node::If { condition, then, otherwise: if has_otherwise { otherwise } else { Vec::new() } });
        let both = flow_then == Flow::Ends && flow_otherwise == Flow::Ends;
        Ok(if both { Flow::Ends } else { Flow::GoesOn })
    }

    pub(super) fn condition(&mut self, condition: &Condition, negated: bool) -> String {
        let (value, below, limit) = match *condition {
            Condition::BatteryBelow(percent) => ("vehicle.battery()?", true, self.battery_limit(percent)),
            Condition::BatteryAbove(percent) => ("vehicle.battery()?", false, self.battery_limit(percent)),
            Condition::WindBelow(speed) => ("vehicle.wind()?.speed_m_s", true, self.wind_limit(speed) + ".0"),
            Condition::WindAbove(speed) => ("vehicle.wind()?.speed_m_s", false, self.wind_limit(speed) + ".0"),
        };
        let sign = match (below, negated) {
            (true, false) => "<",
            (false, false) => ">",
            (true, true) => ">=",
            (false, true) => "<=",
        };
        format!("{value} {sign} {limit}")
    }

    pub(super) fn battery_limit(&mut self, percent: f64) -> String {
        self.constants.named("BATTERY_LIMIT", "Percent", format!("Percent({})", number(percent)))
    }

    pub(super) fn wind_limit(&mut self, speed_m_s: f64) -> String {
        self.constants.speed("WIND_LIMIT", speed_m_s)
    }

    /// The standing rules, watched by the SDK from here on.
    pub(super) fn rules(&mut self, out: &mut Vec<Node>) -> Result<(), GenerateError> {
        for rule in &self.plan.rules {
            let end = match rule.then {
                SafeEnd::ReturnToLaunch => "SafeEnd::ReturnToLaunch",
                SafeEnd::Land => "SafeEnd::Land",
            };
            let call = match rule.when {
                Condition::BatteryBelow(percent) => {
                    format!("Rule::battery_below({}, {end})", self.battery_limit(percent))
                }
                Condition::WindAbove(speed) => format!("Rule::wind_above({}, {end})", self.wind_limit(speed)),
                Condition::BatteryAbove(_) | Condition::WindBelow(_) => return Err(GenerateError::RuleNotWatched),
            };
            let watched = "watched from here until the landing";
            out.push(Node::Comment(match rule.words.trim() {
                "" => "A standing rule, watched from here until the landing.".into(),
                words => format!("{}: {watched}.", quote(words)),
            }));
            out.push(Node::call(format!("vehicle.set_rule({call})")));
        }
        Ok(())
    }
}
