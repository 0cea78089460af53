"""Small lists of words, put together for this project: what goes with names, and what only looks like one.

They are short on purpose. A first name that is not listed is still found where the words around it say that it is one;
a listed one is found by itself. All in lower case.
"""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """Words, from one text that has them with blanks between."""
    return frozenset(words.split())


def phrases(names: str) -> frozenset[str]:
    """Phrases, from one text that has them with commas between."""
    return frozenset(" ".join(name.split()) for name in names.split(","))


def one_of(patterns: str) -> str:
    """A group that matches one of these patterns, longer ones first; one text has them, with commas between."""
    return f"(?:{'|'.join(sorted(phrases(patterns), key=lambda one: (-len(one), one)))})"


#: Before a surname or a first name. Some stand for a person without one too, so a capital letter must follow.
TITLES = listed("""
    mr mrs ms miss mx dr prof professor rev reverend pastor rabbi imam sgt sergeant officer detective judge
    coach principal nurse aunt auntie uncle grandma grandpa granny nana sister brother father mother deacon
    captain lieutenant lt sheriff deputy attorney chaplain elder cousin mama papa dean madam sir constable
    inspector tia tio tía tío señora señor abuela dra
""")
#: Titles that are nothing else, so that they also count in small letters.
PLAIN_TITLES = listed("mr mrs dr prof ms mx")

#: Whom a name may follow: kin, and the people of an agency, a school or a class.
PEOPLE = listed("""
    client clients patient patients resident residents consumer member participant participants mother mom mum
    mommy mama father dad daddy papa parent parents stepmother stepmom stepfather stepdad brother brothers
    sister sisters stepbrother stepsister sibling siblings son sons daughter daughters stepson stepdaughter
    child kid kids children baby infant toddler twin twins grandmother grandma grandfather grandpa grandparents
    grandson granddaughter grandchild aunt auntie uncle cousin cousins nephew nephews niece nieces husband wife
    spouse partner boyfriend girlfriend fiancé fiancée fiance fiancee ex ex-husband ex-wife ex-boyfriend
    ex-girlfriend ex-partner mother-in-law father-in-law sister-in-law brother-in-law son-in-law daughter-in-law
    godmother godfather guardian caregiver foster friend friends bestie neighbor neighbors neighbour neighbours
    roommate roommates flatmate housemate classmate classmates coworker coworkers co-worker colleague colleagues
    boss manager supervisor instructor teacher tutor mentor therapist counselor counsellor psychiatrist
    psychologist doctor nurse caseworker worker pediatrician professor landlord landlady attorney lawyer
    paralegal sponsor coach pastor intern student students pupil trainee teen teenager boy girl man woman guy
    lady youth veteran widow widower survivor tenant inmate director coordinator person individual cook janitor
    custodian driver barber chaplain secretary guard bartender stalker roomie mechanic waitress cashier
    hairdresser minister priest reporter journalist farmer firefighter cop detective soldier grader dentist
    midwife payee surrogate stepkid stepkids newborn triplets quadruplets orphan refugee immigrant hostess
    fellow trainer superintendent handyman groundskeeper dispatcher paramedic emt psychic guru admin
    administrator stepfamily ex-boss ex-client ex-friend godson goddaughter godchild godparent best-friend
    grandniece grandnephew half-sibling receptionist advocate lodger carer half-brother half-sister mate buddy
    pal bully abuser perpetrator crush homie youngest oldest eldest co-parent bro sis hubby gran nan granddad
    grandad grandkids grandkid babysitter sitter nanny aide volunteer
""")
#: Of those, who can belong to somebody: "Dana's mother".
KIN = listed("""
    mother mom mum mommy mama father dad parent parents stepmother stepmom stepfather stepdad brother brothers
    sister sisters sibling siblings son sons daughter daughters child kid kids children baby twin twins
    grandmother grandma grandfather grandpa grandparents grandson granddaughter aunt auntie uncle cousin cousins
    nephew niece husband wife spouse partner boyfriend girlfriend fiancé fiancée ex mother-in-law guardian
    caregiver family friend friends roommate therapist caseworker counselor teacher landlord lawyer sponsor
    doctor psychiatrist gran nan godmother half-brother half-sister ex-husband ex-wife stepbrother stepsister
    babysitter
""")
#: What else belongs to a person whose name is listed: "Dana's file".
BELONGINGS = listed("""
    case file chart record records diagnosis situation story house home apartment room bedroom school classroom
    phone profile account page posts post feed session sessions appointment intake assessment medication
    medications meds treatment custody hearing placement job birthday funeral death arrest safety privacy trust
    consent permission email message messages text texts name life progress goals goal plan crisis trauma grief
    anger anxiety depression insta instagram facebook tiktok snapchat voice words behavior notes paperwork
    release eviction pregnancy overdose
""")
#: Words that may stand between a name and its kin: "Dana's older brother".
BETWEEN = listed("""
    older younger big little baby foster biological birth adoptive step ex former late new best oldest youngest
    twin elderly teenage only own two three first current school maternal paternal great whole entire
""")

#: What a person does in such texts, and an agency or a platform seldom.
DEEDS = listed("""
    told texted messaged dmed dm'd confided disclosed cried sobbed smiled laughed whispered yelled shrugged
    nodded relapsed overdosed no-showed ghosted blurted apologized hugged screamed texts tells confides cries
    stormed slammed mumbled winced blushed admitted
""")
#: What a person does, and others do too: with a listed name, or one that stands inside a sentence.
DOINGS = listed("""
    said says asked asks came comes went goes lives lived moved posted posts called calls missed shared felt
    feels looked seemed seems talked talks mentioned explained arrived left stayed wants wanted needs needed has
    had is was will would can could did does got gets ran sat showed stopped started wrote sent liked likes
    followed commented uses used hates loves loved cut drinks drank slept refused agreed lost found thinks
    thought knows knew tried works worked and who whose reported disclosed presented described expressed stated
    denied revealed became appeared began continued keeps signed kept drew died passed drove turned hit fell
    broke threw
""")

#: Doing the work of a name at the start of a sentence, or written with a capital letter, and no name.
NOT_NAMES = listed("""
    i a an the this that these those my your his her its our their he she it we they you who what when where why
    how which whose if then so but and or nor yet for as at by from in into of off on onto out over to under up
    with without about above after again against all almost alone along already also although always am among
    any anybody anyone anything anyway are around aren't away back be became because been before behind being
    below besides best better between beyond both can can't cannot could couldn't despite did didn't do does
    doesn't doing don't done down during each either else enough even eventually ever every everybody everyone
    everything except few finally first firstly following former fortunately further furthermore generally given
    had has hasn't have haven't having hello hence here hers herself hey hi him himself hopefully however i'd
    i'll i'm i've indeed initially instead is isn't it's itself just last lastly later least less let let's like
    likewise looking many maybe me meanwhile might mine more moreover most much must myself namely near nearly
    need neither never nevertheless new next no nobody none nonetheless not nothing now nowhere obviously often
    oh ok okay old once one only other others otherwise ours ourselves overall own perhaps personally please
    possibly previously probably quite rather really recently regarding same second secondly seeing several
    shall should shouldn't similarly since some somebody someone something sometimes somewhere soon still such
    sure surely than thank thanks that's theirs them themselves there therefore they're third though three
    through throughout thus till today together tomorrow tonight too toward towards two ultimately unfortunately
    unless unlike until upon us usually very was wasn't well were weren't what's whatever whenever where's
    wherever whereas whether while whoever whom why's wife will won't would wouldn't yes yesterday you'd you'll
    you're you've yours yourself monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu
    thur thurs fri sat sun january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec spring summer fall autumn winter christmas thanksgiving
    easter halloween ramadan eid hanukkah diwali passover kwanzaa juneteenth mother's father's valentine's
    veterans memorial labor independence boxing lent advent facebook instagram insta ig snapchat snap tiktok
    twitter x linkedin youtube whatsapp discord reddit tumblr pinterest telegram signal zoom teams slack google
    gmail outlook yahoo venmo paypal cashapp tinder bumble grindr hinge twitch threads bluesky mastodon
    messenger meta apple android iphone ipad netflix spotify chatgpt siri alexa claude gemini copilot canvas
    blackboard moodle brightspace nextdoor wechat skype facetime imessage yelp healthgrades roblox minecraft
    fortnite steam xbox playstation onlyfans bereal fb yik yak gofundme uber lyft amazon walmart target
    starbucks mcdonald's doxy doordash etsy ebay quora wikipedia nasw cswe nyu aswb apa cdc hipaa ferpa dsm cps
    dcfs dcf dss hhs samhsa aarp unicef un eu uk usa u.s nhs bc msw bsw bswe mswe dsw phd lcsw lmsw lsw rn md jd
    ptsd adhd ocd bpd lgbtq lgbt bipoc id ids tv dm dms pm ai pta iep ged act ssi ssdi tanf wic ebt hud va er
    icu obgyn ob hiv aids hr ceo vp gps faq pdf url sms aa na code ethics standard standards section article
    principle principles value values law title chapter module unit lesson part question questions table figure
    appendix page guide guideline guidelines technology practice class course seminar field education social
    work worker workers media policy policies court supreme congress senate house parliament government state
    federal county city town village district department ministry bureau office board commission council
    committee association society institute university college school academy center centre clinic hospital
    shelter agency services service program project foundation hotline lifeline line crisis emergency medicaid
    medicare obamacare section8 head start early intervention english spanish french german portuguese creole
    haitian mandarin cantonese chinese korean japanese vietnamese arabic somali hindi urdu punjabi tagalog
    russian ukrainian polish italian asl latin hebrew hmong swahili farsi persian american african asian latino
    latina latinx hispanic black white indigenous native mexican cuban dominican salvadoran guatemalan honduran
    colombian venezuelan canadian british irish scottish welsh european indian pakistani americans africans
    asians mexicans cubans canadians haitians indians immigrants latinos latinas europeans christians muslims
    jews catholics protestants hindus buddhists evangelicals mormons cognitive behavioral motivational
    dialectical filipino filipina iraqi iranian syrian afghan ethiopian nigerian kenyan ghanaian brazilian
    peruvian jamaican caribbean deaf blind christian muslim jewish catholic protestant baptist lutheran
    methodist evangelical hindu buddhist sikh mormon jehovah's god jesus allah bible quran torah lord america
    mexico canada england britain scotland wales ireland france germany spain italy china japan india korea
    vietnam philippines haiti cuba jamaica honduras guatemala colombia venezuela brazil peru ecuador ukraine
    russia syria iraq iran afghanistan pakistan nigeria ghana ethiopia somalia egypt israel palestine europe
    africa asia alabama alaska arizona arkansas california colorado connecticut delaware florida hawaii idaho
    illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi
    missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont washington
    wisconsin wyoming ontario quebec alberta manitoba saskatchewan newfoundland client clients patient patients
    student students teacher teachers parent parents mother father mom dad mum child children kids teens youth
    adults seniors families family people person men women staff management police folks guys supervisor
    supervision instructor professor interns intern colleagues classmates peers friends everyone's mothers
    fathers officer principal director manager nurse doctor therapist counselor caseworker administration
    reception security confidentiality privacy consent boundaries dual relationship relationships
    self-determination competence integrity justice dignity informed ethical ethic online digital internet
    virtual telehealth cyberbullying research data records record documentation screenshot screenshots emails
    email texting texts text posts posting post comments comment group groups chat chats app apps website blog
    blogs podcast news newspaper journal case cases study posted working talking asking telling using going
    getting making taking thinking learning writing reading sharing searching accepting googling reaching
    knowing respecting protecting imagine consider suppose remember ask tell say look think note take make go
    get keep talk write read search share respect protect avoid check see use call try stop dear sincerely
    regards cheers warmly respectfully greetings team hiring editor admin moderator members doe smithsonian
    tarasoff miranda amber ix great good nice love hugs sorry yesterday's today's tomorrow's tonight's sir madam
    ma'am mr mrs ms dr prof pride republican democrat democrats republicans maga covid covid-19 coronavirus
    pandemic blm metoo narcan suboxone methadone xanax zoloft prozac ritalin adderall fentanyl naloxone lexapro
    tylenol kik tor wifi bluetooth airdrop photoshop word excel powerpoint docs drive dropbox onedrive
    practitioner investigator care abuse general representatives commons lords magazine client's patient's
    student's child's family's teacher's worker's people's someone's nobody's anybody's one's women's men's
    children's kids' he's she's there's here's who's how's god's somebody's another's america's world's
    country's agency's school's hospital's court's nation's state's city's
""")

#: Surnames that a social work student writes as a source, and that few clients have.
AUTHORS = listed("""
    reamer congress barsky addams bronfenbrenner satir minuchin linehan yalom freire crenshaw foucault rawls
    kant aristotle kohlberg goffman saleebey kubler-ross konopka biestek gambrill voshel wesala boddy dominelli
    turkle zuckerberg musk bezos obama trump biden clinton beyoncé oprah winfrey tarasoff snowden orwell
    shakespeare mandela gandhi freud jung piaget bowlby ainsworth maslow bandura pavlov erikson vygotsky
    prochaska diclemente rollnick seligman epstein belmont nuremberg alinsky kolb perlman seuss phil lacks mlk
""")
#: Well-known people whose surnames others have too.
PUBLIC_PEOPLE = phrases("""
    mary richmond, bertha reynolds, helen perlman, florence hollis, carl rogers, fred rogers, aaron beck,
    judith beck, albert ellis, murray bowen, jay haley, carol gilligan, bell hooks, danah boyd, brené brown,
    brene brown, martin luther, martin king, luther king, malcolm x, rosa parks, taylor swift, elon musk,
    mark zuckerberg, jeff bezos, henrietta lacks, george floyd, breonna taylor, trayvon martin, michael brown,
    jk rowling, jane doe, john doe, jane roe, joe biden, donald trump, hillary clinton, bill clinton,
    kamala harris, barack obama, michelle obama, abraham lincoln, franklin roosevelt, eleanor roosevelt,
    john kennedy, jimmy carter, george bush, dorothy height, whitney young, frances perkins, harry hopkins,
    dorothea dix, john rawls, immanuel kant, maya angelou, toni morrison, james baldwin, bruce perry,
    gabor maté, gabor mate, judith herman, peter levine, daniel siegel, dan siegel, john bowlby, mary ainsworth,
    marsha linehan, irvin yalom, michel foucault, charlotte towle, edith abbott, grace abbott, jane addams,
    kimberlé crenshaw, amanda todd, tyler clementi, megan meier, megan's law, jessica's law, dr phil,
    allan barsky, frederic reamer, elaine congress
""")

#: After "called" and "named" something other than a person, if one of these comes before.
THINGS = listed("""
    app apps book article platform site website program programme group game movie film show documentary podcast
    theory model act law bill course class tool software account page channel series study song town city
    village school agency shelter feature section chapter concept thing something approach method framework
    hashtag trend challenge company organization organisation nonprofit charity policy form standard principle
    value rule document report journal dog cat puppy street road place service hotline what event campaign
    magazine newspaper drug medication band album assignment exercise worksheet activity clinic hospital center
    centre church store restaurant bar ministry test scale intervention therapy technique forum community
    subreddit chatroom chatbot bot server filter case lecture unit it this that people
""")
