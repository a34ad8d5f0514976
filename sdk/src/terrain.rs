//! Heights above the ground: where the vehicle knows the ground at a place, it is asked for it (TERRAIN_CHECK).
use crate::error::FlightError;
use crate::flight::Flight;
use crate::inbox::Inbox;
use crate::request::{self, Patience};
use crate::shared::Boxed;
use crate::steering::moved_by;
use crate::wire::incoming::id;
use crate::wire::place::degrees_e7;
use alloc::boxed::Box;
use flightsmith_mission::{
    frame::{Altitude, GlobalPosition, Latitude, Longitude, PositionNed},
    vehicle::Autopilot,
};
use mavlink::dialects::ardupilotmega as mav;

const ASK: Patience = Patience { attempts: 4, each_us: 700_000 };
/// Points of the way that are looked at, its end among them.
const POINTS: u8 = 8;
/// The straight way must keep this much above the ground, or half of the height asked for where that is less.
const CLEARANCE_M: f64 = 10.0;

impl Flight {
    /// The place at `height_m` above the ground at a latitude and longitude, where the straight way there clears the ground.
    ///
    /// # Errors
    /// [`FlightError::NotReported`] without terrain data; [`FlightError::OutsideEnvelope`] where the way comes too near to the ground.
    pub(crate) fn place_above_terrain(
        &mut self,
        lat_deg: f64,
        lon_deg: f64,
        height_m: f64,
    ) -> Boxed<'_, Result<PositionNed, FlightError>> {
        Box::pin(async move {
            if self.autopilot == Autopilot::Px4 {
                return Err(FlightError::NotReported {
                    what: "the ground's height at a place (PX4 measures it below itself only)",
                });
            }
            let ground_m = self.ground_amsl_m(lat_deg, lon_deg).await?;
            let altitude = Altitude::Amsl(ground_m + height_m);
            let place = self.home.to_ned(&GlobalPosition::at(Latitude(lat_deg), Longitude(lon_deg), altitude));
            self.check_place(&place)?;
            let from = self.target_or_here().position;
            let needed_m = CLEARANCE_M.min(height_m / 2.0);
            for point in 1..POINTS {
                let share = f64::from(point) / f64::from(POINTS);
                let off = place - from;
                let on_way = from + moved_by(off.north_m * share, off.east_m * share, off.down_m * share);
                let at = self.home.to_global(&on_way);
                let ground_m = self.ground_amsl_m(at.lat_deg, at.lon_deg).await?;
                let clearance_m = self.home.altitude_amsl_m - on_way.down_m - ground_m;
                if clearance_m < needed_m {
                    return Err(FlightError::OutsideEnvelope {
                        what: "clearance above the ground on the way, in metres",
                        value: clearance_m,
                        lowest: needed_m,
                        highest: f64::INFINITY,
                    });
                }
            }
            Ok(place)
        })
    }

    /// Height of the ground above sea level, from the vehicle's terrain data.
    async fn ground_amsl_m(&mut self, lat_deg: f64, lon_deg: f64) -> Result<f64, FlightError> {
        let (lat, lon) = degrees_e7(lat_deg, lon_deg);
        let inbox = Inbox::open(&self.link, &[id::TERRAIN_REPORT], 8);
        let (spacing, height_m) = request::ask(
            self,
            &inbox,
            "TERRAIN_CHECK",
            ASK,
            |core| core.send(&mav::TERRAIN_CHECK_DATA { lat, lon }),
            |received| {
                let fields = received.fields();
                // Others come unasked, for where the vehicle is.
                (fields.i32(0) == lat && fields.i32(4) == lon).then(|| (fields.u16(16), fields.f32(8)))
            },
        )
        .await?;
        if spacing == 0 {
            return Err(FlightError::NotReported {
                what: "the ground's height at that place (no terrain data aboard)",
            });
        }
        Ok(f64::from(height_m))
    }
}
