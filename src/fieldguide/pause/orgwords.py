"""Words of the names of schools, agencies and places, put together for this project. All in small letters."""

from __future__ import annotations

from fieldguide.pause.wordlists import listed, phrases

#: States, provinces and the largest countries: too large to be the one town of a combination.
STATES = listed("""
    alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho
    illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi
    missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia
    washington wisconsin wyoming carolina dakota hampshire jersey mexico york ontario quebec alberta manitoba
    saskatchewan newfoundland america canada england britain scotland wales ireland france germany spain italy
    china japan india korea vietnam philippines haiti cuba jamaica honduras guatemala colombia venezuela brazil
    peru ecuador ukraine russia syria iraq iran afghanistan pakistan nigeria ghana ethiopia somalia egypt israel
    palestine europe africa asia columbia rico islands
""")
FAITHS = listed("""
    catholic jewish lutheran methodist baptist presbyterian islamic muslim episcopal evangelical mennonite
    quaker ymca ywca
""")

#: What schools are called.
SCHOOL_HEADS = listed("""
    school high middle elementary primary secondary junior preparatory prep academy charter montessori grammar
    comprehensive kindergarten preschool collegiate magnet infants lyceum seminary
""")
#: What agencies are called.
AGENCY_HEADS = listed("""
    shelter clinic center centre centers hospital hospitals hospice services agency charities rehab
    rehabilitation infirmary outreach ministries counseling counselling pantry healthcare jail prison
    correctional hotline sanctuary orphanage psychiatric psychotherapy daycare clubhouse ymca ywca treatment
    recovery
""")
#: Of these only with words around that say so.
WEAK_HEADS = listed("""
    house home homes haven therapy place program programs programme project network care health medical wellness
    institute society foundation mission ministry alliance coalition village manor lodge residence residences
    association group trust bank kitchen club partners partnership collaborative connections initiative general
    memorial regional inn ranch court facility campus unit ward behavioral support advocates solutions resources
    resource options associates collective crossing pathways gardens terrace arms apartments hall church youth
    kids families
""")
#: Weak ones that tell something when they stand before another: "Open Arms Family Shelter".
TELLING = listed("""
    haven village manor lodge inn ranch crossing pathways gardens terrace arms connections alliance mission
""")
#: Words that say so.
AGENCY_CUES = listed("""
    placement internship intern interning interned practicum agency field placed shelter clinic client clients
    resident residents staff volunteer volunteers volunteering volunteered worker workers caseworker counselor
    admitted discharged staying stays stayed patient patients supervisor program rehab detox sober referred
    referral inpatient outpatient hospice nonprofit therapist bed beds intake group work works worked job hired
    released transferred hospitalized er emergency nurse residential treatment visit visited visiting visits
    services night nights lives living at
""")
#: Words in the names of such places that are in those of all of them.
GENERIC = (
    AGENCY_HEADS
    | (WEAK_HEADS - TELLING)
    | SCHOOL_HEADS
    | listed("""
    the a an our my his her their your its this that every each any no some local state county city town public
    private community mental social human family families child children youth teen teens adult adults senior
    seniors women woman men women's men's children's veterans veterans' homeless domestic violence abuse sexual
    assault crisis emergency medical health wellness protective protection student students counseling advising
    writing career learning resource resources legal aid food day care early head start intervention prevention
    support urgent walk-in drop-in community-based foster kinship adoption juvenile detention justice probation
    court drug alcohol substance use addiction recovery treatment residential inpatient outpatient behavioral
    psychiatric nursing assisted living rehabilitation physical occupational speech special education after
    before outreach shelter services service department division office bureau board ministry administration
    association agency center centre clinic hospital college university campus national american federal
    international world global central general regional free new open safe house of for and victim victims
    survivor survivors rape advocacy immigrant refugee lgbtq lgbt disability disabilities independent
    reproductive primary trauma grief information technology data research ethics policy practice field work
    worker workers homelessness transitional temporary supportive housing emergency-shelter cooling warming call
    help admissions financial multicultural women’s children’s junior high middle elementary secondary graduate
    undergraduate professional development continuing training online virtual digital i ii in on at by to boys
    girls big brothers sisters club human-services visitor welcome shopping convention mall police fire sheriff
    sheriff's cancer heart fitness sports recreation arts performing nature science medicaid medicare
""")
)
#: Bodies that everybody cites, helplines, and offices that every place has.
PUBLIC_BODIES = phrases("""
    pew research center, mayo clinic, cleveland clinic, trevor project, crisis text line,
    suicide prevention lifeline, suicide and crisis lifeline, domestic violence hotline, national center,
    white house, human rights campaign, family foundation, casey foundation, kaiser family foundation,
    centers for disease control, silver school, child welfare information gateway, children's bureau,
    child protective services, adult protective services, department of social services,
    department of human services, department of health and human services,
    department of children and family services, department of family services, health and human services,
    substance abuse and mental health services administration, indian health service, big brother house,
    mental health america, planned parenthood, hull house, toynbee hall, better business bureau, red cross,
    american red cross, open house, full house, center for social media, berkman klein center, data center,
    southern poverty law center, human services, nasw foundation, technology standards,
    world health organization, social security administration, veterans affairs, job corps, peace corps,
    head start, ethics resource center, nasw center, legal defense fund, salvation army, court appointed,
    brown school
""")
