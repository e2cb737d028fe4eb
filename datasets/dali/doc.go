// Package dali is the sample city: Dali (大理市, Yunnan, division 532901) with a seeded generator of needs, resources,
// providers and services in any size from 100 to 1,000,000 needs.
//
//	city, err := dali.Generate(dali.Options{Needs: 2_000, Seed: 1}) // Full: true for every feature of the lists
//	city.Lists       // care.Lists: needs, resources, providers, services
//	city.Horizon     // the week that the lists of a full city speak of
//	city.Barriers    // the lake at full detail: ways go round it, no home lies in it
//	city.Boundary    // outline of the city, simplified for drawing
//	city.Lake        // outline of the lake, simplified for drawing
//	city.Towns       // the 13 streets, towns and the township: code, names, seat, precision of the seat
//	city.Communities // the 144 communities and villages
//	dali.Credit      // to be printed on every map
//	dali.Synthetic   // to be printed with every result
//	dali.Licences()  // the notice and the full texts
//
// # What is real
//
// The outline of the city, the shape of the lake, the codes and names of all divisions, the points of those whose
// [Place.Precision] is [Exact], and the census figures of the city (2020: people, ages, households) and of two towns.
// See NOTICE for sources and licences. Points marked [Interpolated] are spread evenly over the likely settled land of
// their town; which name got which spot is arbitrary, so they must not be shown as real places.
//
// # What is synthetic
//
// Every need, every resource, every provider, every price, distance, capacity and proportion below, and where the
// venues stand. The three streets' elder-care centres, the 12 community home-care centres and the 9 children's homes are
// as many as the city reports; nothing else of the supply is. No row stands for a person.
//
// # Where people live
//
// A town's weight is its census population where there is one (Xiaguan 146,517, Fengyi 67,766). The other eleven share
// the remaining 556,845 people in proportion to an unverified figure each (seven towns) or, where none was found
// (Manjiang, Wase, Shangguan, Taiyi), to what their communities and villages would hold at the mean of the towns that
// have one: see [Place.Weight]. Within a town a community weighs twice a village, as streets are denser than villages.
// A home lies about the point of its community with a standard deviation of 350 m (700 m for a village), near normal and
// never more than 3.5 deviations off, inside the boundary and at least 25 m from the lake. The residents' group of a
// home is the octant in which it lies, "group-1" east-north-east to "group-8": "532901/532901003/532901003002/group-4".
// Three needs of ten are on the list of the community itself.
//
// # Who needs what
//
// A need belongs to a person drawn from the census by age: 0-14, 15-64, 65-79, 80 and over, each weighted by an assumed
// number of needs a thousand people of that age raise (120, 20, 350, 900). That makes about 21 %, 18 %, 39 % and 22 % of
// the needs. Adults and old people live alone as often as households are of one person (73,556 of 260,257). The
// service is drawn from a table by age (services.go), the class from age and household: class 1 for people of 80 and
// over who live alone, and for nursing or escort of anyone of 80 and over or old and alone; class 3 for everyone under
// 65 but for nursing; class 2 for the others. One to three units are asked for, by service.
//
// # Who serves
//
// The total capacity is 104 % of the units asked for, at every size: a city that could just about serve everybody were
// everything in the right place, which is what makes a match worth computing. It is divided among the kinds as follows.
//
//	volunteers  42 %  a mean of 3 units each: most help is neighbours' help, a few hours each
//	teams       14 %  8 to 16 units: a team shares its capacity
//	providers   22 %  4 to 10 units a member of staff: qualified work, paid for
//	partners    12 %  6 to 14 units: canteens, kindergartens, clinics, schools, firms
//	venues      10 %  the 24 of the city whatever the size, divided 6 : 3 : 2 for a street's centre, a community's
//	                  centre, a children's home (each at least 1), so that they grow with the list
//
// Volunteers live where people live but for a factor: more in the streets (115 %) and fewer in the far towns (75 % in
// Taiyi, Shangguan, Shuanglang and Wase), so that supply is uneven by town; the services of a kind are weighted in
// services.go, so that it is uneven by service. Two providers of three have a quota of 40 to 90 % of what their staff
// could do. What stays unmet then has true and varied reasons: at the default size 90 to 92 % of the units are served
// (seeds 1 to 5), day care, bathing and canteen meals least, and every constraint of the model but the mode keeps some
// need from somebody.
//
// # Density
//
// The land stays the same while the lists grow. Distances are as given from 2,000 to 5,000 needs. Above, those of visits
// and the radii of whoever serves shrink with the square root of 5,000 / needs, so that a need keeps about the same
// number of eligible resources (some tens) and the pairs grow with the lists, not with their square. How far people go to
// a venue does not shrink, since there are 24 of them at every size. Below 2,000 needs all distances grow with the
// square root of 2,000 / needs, to twice at most; a list of a hundred is still thin on this land, and much of it unmet.
//
// # The full city
//
// With [Options.Full] the lists use everything that a match can read. Needs, homes, helpers and venues are those of the plain
// city; their features come from streams of their own, so that the plain city keeps its bytes. The lists speak of one week of
// the winter holidays, [Week], in the zone [Timezone]. All shares are assumptions; a test holds them.
//
// Of the needs 12 % name a date and 14 % recur, two or three times a week, half of these at least two days apart; half of the
// list is as plain as before. Of the tutoring outside the home two fifths become a holiday class, some home visits a free clinic, and
// a quarter of the companionship the telephone (where distance does not count, but age, language and interests may). 4 to 5 %
// of all needs are for two carers at once: bathing, lifting, the way to the hospital. 13 % accept a sibling or the parent of
// their service at a penalty, 2.5 % are whole (one nurse for all visits), 0.7 % distinct (other faces each time), 8 % wish for
// shared interests, one day-care need of four wants a nurse.
//
// Four volunteers of five state hours, by way of life: retired, at work, students at home. They state ages and three of five
// their interests. A quarter belong to a team of their town, whose capacity grows by two thirds of theirs. Staff, partners and
// venues keep opening hours; one in 17 of all has a date that differs, one in four or five a limit a day, seven of ten staff
// are bounded in minutes, one in twenty is promised two units, and one partner in seven opens only for two to four. Of the
// qualifications three of ten have a last day, a tenth of these gone by before the week and a tenth in it. Half of the
// providers are paid a subsidy a unit, three of five have a budget of 60 to 90 % of what their quota would cost, and those with
// nurses lend them to the day-care centres by contract. Teams and staff have a tenth more capacity than in the plain city, for the
// visits that take two.
//
// Two sorts of programmes have dated sessions, in seats four tenths more than asked for, each opening with a third of its seats taken:
// classes at the children's homes, afternoons for the old at the community centres, then wherever people live. Each free clinic
// may stop on two or three days at four to six estates of one town.
//
// 6 % of the needs have a lasting pairing with a helper who may serve them, one in five of these a second one who stands by;
// 1 % are pinned or confirmed, 2 % have a helper who is not to come again, 0.6 % a pairing with a cost of its own.
//
// At the default size 90 to 93 % of the units could be served if only what is a flow were to be kept (seeds 1 to 3), and at least
// 90 % are served with everything (seed 1).
//
// # Repeatability
//
// The same Options give the same bytes on any machine: draws come from rand.PCG by whole numbers only, geometry is done
// in whole microdegrees, and no function whose last bit may differ between processors is called.
package dali
