"""Small lists of words, put together for this project: what goes with names, and what only looks like one.

They are short on purpose. A first name that is not listed is still found where the words around it say that it is one;
a listed one is found by itself. All in lower case.
"""

from __future__ import annotations


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Before a surname or a first name. Some stand for a person without one too, so a capital letter must follow.
TITLES = _listed("""
    mr mrs ms miss mx dr prof professor rev reverend pastor rabbi imam sgt sergeant officer detective judge
    coach principal nurse aunt auntie uncle grandma grandpa granny nana sister brother father mother deacon captain
    lieutenant lt sheriff deputy attorney chaplain elder cousin mama papa dean madam sir constable inspector tia tio tía tío señora señor abuela dra
""")
#: Titles that are nothing else, so that they also count in small letters.
PLAIN_TITLES = _listed("mr mrs dr prof ms mx")

#: Whom a name may follow: kin, and the people of an agency, a school or a class.
PEOPLE = _listed("""
    client clients patient patients resident residents consumer member participant participants
    mother mom mum mommy mama father dad daddy papa parent parents stepmother stepmom stepfather stepdad brother brothers
    sister sisters stepbrother stepsister sibling siblings son sons daughter daughters stepson stepdaughter child kid kids
    children baby infant toddler twin twins grandmother grandma grandfather grandpa grandparents grandson granddaughter
    grandchild aunt auntie uncle cousin cousins nephew nephews niece nieces husband wife spouse partner boyfriend girlfriend
    fiancé fiancée fiance fiancee ex ex-husband ex-wife ex-boyfriend ex-girlfriend ex-partner mother-in-law father-in-law
    sister-in-law brother-in-law son-in-law daughter-in-law godmother godfather guardian caregiver foster
    friend friends bestie neighbor neighbors neighbour neighbours roommate roommates flatmate housemate classmate
    classmates coworker coworkers co-worker colleague colleagues boss manager supervisor instructor teacher tutor mentor
    therapist counselor counsellor psychiatrist psychologist doctor nurse caseworker worker coworker pediatrician
    professor landlord landlady attorney lawyer paralegal sponsor coach pastor intern student students pupil trainee
    teen teenager boy girl man woman guy lady youth veteran widow widower survivor tenant inmate director coordinator
    person individual cook janitor custodian driver barber chaplain secretary guard bartender stalker roomie mechanic waitress
    cashier hairdresser minister priest reporter journalist farmer firefighter cop detective soldier grader dentist midwife
    payee surrogate stepkid stepkids newborn triplets quadruplets orphan refugee immigrant hostess fellow trainer superintendent
    handyman groundskeeper dispatcher paramedic emt psychologist psychic guru admin administrator stepfamily housemate fiance
    ex-boss ex-client ex-friend godson goddaughter godchild godparent best-friend grandniece grandnephew half-sibling
    receptionist advocate lodger carer half-brother half-sister mate buddy pal bully abuser perpetrator crush homie
    youngest oldest eldest co-parent bro sis hubby gran nan granddad grandad grandkids grandkid babysitter sitter nanny aide volunteer
""")
#: Of those, who can belong to somebody: "Dana's mother".
KIN = _listed("""
    mother mom mum mommy mama father dad parent parents stepmother stepmom stepfather stepdad brother brothers sister
    sisters sibling siblings son sons daughter daughters child kid kids children baby twin twins grandmother grandma
    grandfather grandpa grandparents grandson granddaughter aunt auntie uncle cousin cousins nephew niece husband wife
    spouse partner boyfriend girlfriend fiancé fiancée ex mother-in-law guardian caregiver family friend friends
    roommate therapist caseworker counselor teacher landlord lawyer sponsor doctor psychiatrist gran nan godmother
    half-brother half-sister ex-husband ex-wife stepbrother stepsister babysitter
""")
#: What else belongs to a person whose name is listed: "Dana's file".
BELONGINGS = _listed("""
    case file chart record records diagnosis situation story house home apartment room bedroom school classroom phone
    profile account page posts post feed story session sessions appointment intake assessment medication medications
    meds treatment custody hearing placement job birthday funeral death arrest safety privacy trust consent permission
    email message messages text texts name life progress goals goal plan crisis trauma grief anger anxiety depression
    insta instagram facebook tiktok snapchat voice words behavior notes paperwork release eviction pregnancy overdose
""")
#: Words that may stand between a name and its kin: "Dana's older brother".
BETWEEN = _listed("""
    older younger big little baby foster biological birth adoptive step ex former late new best oldest youngest twin
    elderly teenage only own two three first current school maternal paternal great whole entire
""")

#: Listed names that are words of a sentence too when they are written small.
SMALL_WORDS = _listed("""
    alma archie bailey bert billie blessing cal candy carol carter cherry chuck chen cole dale dot earl ellis felicity finn
    frank fraser gene ginger glen grant guy gus hank harry harvey hazel heather holly hyun jack jade jasmine jasmin jay jean
    jess jimmy johnny joy ken kenya kit lance layla luna luz mae manny marina martin mason mat max melody mercedes mercy
    mike milan misty mo moe morgan myrtle napoleon nat nell nick norma olive otto pat peg pepper perla peter phil poppy
    porter prudence randy rio robin roman rosemary rowan roz sal sally salvador sandy santiago sid sidney sierra stan sue
    tam tash taylor terry tia tiara tierra tommy toni trey ty una ursula val venus victor vin viola violet will winnie ivan
    chance faye flora genesis gilbert harlan harris haven hamilton hunter kale kirk lacey lacy lara marshall milton minnie monte
    perry pierce prince rae raven reed rex rocco sage santos shea spencer talon tanner trinidad tucker vida wallace ward warner weston
    wilson newton patsy pansy penny royce rico sheridan merle minerva mimi nan nova oakley odin orlando prince roy winston xena zion
    bonnie cliff sunny rusty dusty curt earnest ernest
    ruby dean iris opal pearl scott ross troy amber ebony crystal summer autumn dawn
""")
#: Doubtful ones that no other word looks like when they stand, written small, after "my client".
SMALL_NAMES = _listed("destiny jordan austin brooke chelsea charlotte savannah sydney victoria dakota trinity jackson madison quinn nevaeh skye")

#: What a person does in such texts, and an agency or a platform seldom.
DEEDS = _listed("""
    told texted messaged dmed dm'd confided disclosed cried sobbed smiled laughed whispered yelled shrugged nodded
    relapsed overdosed no-showed ghosted blurted apologized hugged screamed texts tells confides cries stormed slammed
    mumbled winced blushed admitted
""")
#: What a person does, and others do too: with a listed name, or one that stands inside a sentence.
DOINGS = _listed("""
    said says asked asks came comes went goes lives lived moved posted posts called calls missed shared felt feels
    looked seemed seems talked talks mentioned explained arrived left stayed wants wanted needs needed has had is was
    will would can could did does got gets ran sat showed stopped started wrote sent liked likes followed commented
    uses used hates loves loved cut drinks drank slept refused agreed lost found thinks thought knows knew tried works
    worked and who whose reported disclosed presented described expressed stated denied revealed became appeared began
    continued showed keeps signed kept drew died passed drove turned hit fell broke threw
""")

#: First names, written down from memory for this project; none of these is also an everyday word or a well-known place.
FIRST_NAMES = _listed("""
    aaliyah aaron abby abdul abdullah abel abigail adam adrian adriana ahmad ahmed aidan aiden aisha akira alan albert
    alberto alejandra alejandro alex alexa alexander alexandra alexis alfonso alfred ali alice alicia alisha alison allen
    allison alma alyssa amanda amara amelia amina amir amy ana andre andrea andreas andres andrew andy angela angelica
    angelina angie anika anita ann anna anne annie annika anthony antoine antonio anya april aria ariana ariel arjun arthur
    arturo asha ashanti ashley aubrey audrey ava avery ayesha aziz bailey barbara beatrice beatriz becca becky ben benjamin
    bernadette bernard beth bethany betty beverly bianca billy bobby brad bradley brandon brandy brenda brendan brent brett
    brian briana brianna bridget brittany bruce bryan bryce caitlin caleb callum calvin camila cameron camille candace cara
    carl carla carlos carlton carly carmen carol caroline carolyn carrie carter casey cassandra cassie catherine cathy
    cecilia cedric celeste celia cesar chantal charlene charles charlie chelsey cheryl chloe chris christa christina
    christine christopher cindy claire clara clarence claudia clay clayton cole colin connie connor conor consuelo corey
    cory courtney craig cristina crystal curtis cynthia daisuke dakarai damian damien damon dan dana daniel daniela
    danielle danny dante daphne darius darlene darnell darrell darren daryl dave david dawit dean deandre deanna debbie
    deborah debra dee deepak deja delia delores demetrius denise dennis derek derrick deshawn desiree desmond devin devon
    diana diane diego dina dmitri dolores dominic dominique donald donna donnell doreen doris dorothy doug douglas duane
    dustin dwayne dwight dylan ebony eddie edgar edith eduardo edward edwin eileen elaine eleanor elena eli elias elijah
    elisa elise elizabeth ella ellen ellie elliot eloise elsa emilia emilio emily emma emmanuel enrique eric erica erik
    erika erin ernest ernesto esmeralda esperanza esteban estella esther ethan eugenia eva evan evelyn ezekiel ezra fadi
    farah fatima fatimah felicia felicity felipe felix fernanda fernando fiona francesca francine francis francisco frank
    frankie fred freddie frederick gabriel gabriela gabriella gabrielle gareth gary gavin gemma gene geoffrey george
    gerald geraldine gerardo gina giovanni gladys glen glenn gloria gonzalo gordon graciela graham greg gregory greta
    guadalupe guillermo gustavo gwen hailey hakim haley hana hank hannah harold harriet harry haruto hassan hayden heather
    hector heidi helen henry herman hilda holly howard hugo hussein ian ibrahim ida ignacio iman imani ines ingrid irene
    iris isaac isabel isabella isabelle isaiah isla ismael ivan ivy jacinda jack jackie jacob jacqueline jada jaden jaime
    jake jakob jamal jamar jamie jamila jane janelle janet janice jared jasmine jason javier jay jayden jaylen jazmin jean
    jeanette jeff jeffrey jenna jennifer jenny jeremiah jeremy jermaine jerome jerry jesse jessica jessie jesus jill jim
    jimmy jin jo joan joana joann joanna joanne joaquin jocelyn jodi jody joe joel joey johanna john johnny jon jonah
    jonas jonathan jorge jose josé josef joseph josephine josh joshua josie josue joyce juan juana juanita judith judy
    julia julian juliana julie juliet julio julius june justin kaitlyn kamal kamala kara karen karim karina karl karla
    kate katelyn katherine kathleen kathryn kathy katie katrina kayla kaylee keanu keisha keith kelly kelsey kelvin ken
    kendra kendrick kenji kenneth kenny kenya keri kerry kevin khadija khalid khalil kiana kiara kieran kim kimberly kira
    kirsten kofi kourtney krista kristen kristin kristina kristy krystal kwame kyle kylie kyra ladonna lakeisha lamar
    lamont lana lance larry lashawn latasha latisha latonya latoya laura lauren laurie lawrence leah leandro lee leila
    lena leo leon leona leonard leonardo leroy leslie leticia levi lewis liam lila lillian lily lina linda lindsay
    lindsey linh lisa liz lizzie logan lola lorena lorenzo loretta lori lorraine lottie louis louise lourdes lucas lucia
    luciana lucille lucy luis luisa luke luz lydia lynn mabel mackenzie maddie mae maggie magdalena malachi malcolm
    malia malik mandy manuel mara marc marcel marcela marcella marcia marco marcos marcus margaret margarita maria maría
    mariah mariam mariana marie mariela marilyn mario marion marisa marisol marissa marjorie marlene marquis marsha marta
    martha martin martina marvin mary maryam mason mateo mathew matilda matt matthew maureen maurice mauricio max maxine
    maya mckenna meera megan meghan mei melanie melinda melissa melody mercedes meredith mia micah michael michaela michele
    michelle mickey miguel mike milan mila mildred millie milo mindy mira miranda miriam misty mitchell mohamed mohammad
    mohammed moises molly mona monica monique morgan moses muhammad muriel mustafa myra nadia nadine nancy naomi natalia
    natalie natasha nate nathan nathaniel neha neil nelson nessa nia nicholas nick nicola nicolas nicole nikita nikki nina
    noah noel noelle nora noor norma norman nour nyla octavia odessa oleksandr olga olive oliver olivia omar oscar otis
    owen pablo paige pam pamela paola patricia patrick paul paula paulette pauline pedro peggy penelope pete peter peyton
    phil philip phillip phoebe phyllis pierre porter preston priscilla priya quentin quincy rachel rafael rahul raj rajesh
    ralph ramon ramona randall randy raquel rasheed rashida raul ravi raymond reba rebecca reggie regina reginald renata
    rene renee rhonda ricardo richard rick ricky riley rita roberta roberto robert roberta robin rochelle rodney rodrigo
    roger rohan roland rolando roman ron ronald ronnie rory rosa rosalie rosalind rosario rosemary roshni rosie ross
    roxanne roy ruben ruby rudy rufus russell ruth ryan sabrina sadie saeed salim sally salma salvador sam samantha samir
    samira samuel sandra sandy sanjay santiago sara sarah sasha saul scott sean sebastian selena selma serena sergio seth
    shane shaniqua shania shanice shannon shaquille sharon shaun shauna shawn shawna sheila shelby shelly sherri sherry
    shirley sidney sienna sierra silvia simon simone sofia solomon sonia sonya sophia sophie stacey stacy stan stanley
    stefan stella stephanie stephen steve steven stuart sue sunita susan susana susie suzanne sylvia tabitha talia tamara
    tameka tamika tammy tania tanisha tanya tara tariq tasha tatiana taylor ted teresa terrell terrence terri terry tess
    tessa thea thelma theo theodore theresa thomas tiana tiffany tim timothy tina toby todd tom tomas tommy toni tonya
    tony tracey traci tracy travis trevor tricia trina trisha tristan troy tyler tyree tyrell tyrese tyrone umar valentina
    valerie vanessa vera veronica vicki vicky victor vikram vince vincent violet viola vivian vladimir wanda warren wayne
    wendell wendy wesley whitney wilfred william willie willow wilma xavier ximena yasmin yasmine yesenia yolanda yosef
    yousef yuki yusuf yvette yvonne zach zachary zahra zainab zane zara zoe zoey zuri
    anh aroha bao chidi chiamaka dao duc eun farid femi giang hamza hieu hoa huong ifeoma jomo kaya keiko kiran laila
    lam lan lupe malala mamadou minh moussa nguyet nasir nikhil oksana olu omari oumar pooja quan rania rosalba rui sade
    walter wilma winifred alfie alistair angus aoife archie bronwyn callum catriona cerys ciara deirdre dilys eilidh fergus fraser
    freya gethin geraint gwyneth hamish hamid harvey imogen isobel jemima keira kenzie kirsty lachlan lorna mairead morag nigel
    niamh nuala orla padraig poppy rhiannon rhys rowan ruairi saoirse siobhan sinead sorcha tamsin tegan una wilf winnie
    cody brielle halima lyle ilya nikolai calliope corinne dwayne ezra otis gwen beth-ann darrin darian davonte deion demarcus
    deonte dontae devante eloy emeka efren elvia elvira ernie erwin fabian fabiola faisal fausto faye federico fidel fletcher flora
    florencia floyd galen garrett gaston gavin genesis georgina gerard geri gianna gilbert gilberto gino giselle gretchen grover
    hallie hamilton harlan harmon harris hassan haven hayley hiram hugh humberto hunter ignatius ilse imran irma irving irwin isidro
    issac ivette jacinto jacoby jamar jamarcus jameson jamison janelle janessa janine jarrod jarvis jayda jaylin jayson jeanne jed
    jeffery jerald jeremias jermaine jerrell jett jewell joanie jodie johanna johnathan jolene josef josiah jovan jovani juliana
    juliette juno justine justina kacey kaden kai kaitlin kale kali kameron kamryn kandace karissa karla karley karol karyn kasey
    kathi kathrine katrina kaylin keaton keegan keenan kelli kellie kelton kenan kendall kendal kennedi kenia kennith kent keon kerri
    kevon keyshawn khalif kirk kobe kody kristal kristi kristian kristie kurt kyra lacey lacy laney lara latasha latonia latoria
    lavonne leanna leanne leeann leighton lela leland lenny lenora leonel leonie leopold leora lester leta lidia lila lilia lillie
    linnea lionel liza londa londyn lonnie loren lorene lorie lorna lou louie lourdes lowell luann lucian lucien ludwig luigi lula
    lyla lyndon lynette lynne mable macy madeleine madeline madelyn magda maia makenna malachi mallory mamie marcelo marcie margarito
    margie mariano maritza marla marlee marlena marley marlin marlys marni marquez marquis marshall marty maryann maryjane maryam
    mathias matthias maud maura mauro maverick maxwell mayra mckayla meagan melba melina melisa melva melvin merle mervin micaela
    micheal mikayla mikaela milton mimi minerva minnie mitch mitzi mohammad mollie monika monte monty montrell moshe murray mya
    myles myra myrna myron nadya nan nannie nasir nate neal neve newton nichole nikia nikole nita noelia nolan nora norah norbert
    norris nova nydia oakley obadiah odell odin ofelia ollie omari ophelia oren orlando orville oswaldo paisley pansy patsy patti
    patty paulina penelope perry phoebe pierce porsha prince quinton rae raegan raheem ramiro ramsey randal raphael raven raylene
    reagan reba rebeca reed regan reid reina renae rex reyna rhea rhiannon rhoda rico rigo rickie robbie robby robyn rocco roderick
    rodger roland rolf romeo ronan roosevelt rory rosalie rosalina rosalyn rosanne roscoe roseann rosetta roslyn rowena roxie roy
    royce rubin rudolph rufus rupert rylee sabina sabrina sage salvatore samara sammy samson saniya santos sariah saul savion
    sebastian selah selina serafina seth shana shanna shante shari sharlene sharron shawanda shay shayne shea shelia shelton sheree
    sheridan sherman sherwood shira sibyl silas silvio simeon skylar skyler sloane sofie sonja spencer stacie starla stefanie
    stephan stephany stevie sunita suzan suzette sybil sydnee sylvester sylvie tabatha tad talon tamera tami tamia tania tanner
    tasha tatum tawny tera teri terrell terrie tess tevin thad thaddeus theron tierney tillie tina tisha titus tobias tomeka toria
    torvald tracie tremaine trenton trevon trinidad tristen trudy tucker tyra tyree tyson ulysses ursula valentin vaughn vera verna
    vernon vickie vida vilma violeta virgil vivien vonda wallace walton ward warner wendell weston wilbert wilbur wilda willa
    willard williams willis wilson winfred winston woodrow wyatt xander xena yahir yasir yesica yosef yoselin yusuf zachariah
    zackary zaire zander zaniyah zaria zechariah zena zion zoila zuleika
    abena adaeze adebayo adeola akua ama amari amaya anaya anjali arash asad ashok asmaa ayana azadeh babak bahar baraka
    binta blessing bukola candace carmelita chen chioma cyrus dariela deborah deena delroy delphine dimitri divya ebele efua
    elif emre esi estelle evangelina farida fatou fernande folake genevieve giulia goran gurpreet habib hadiya hiroshi hyun
    idris ife inaya ioana jabari jacques jahmal jalen janae janelly jasmin javon jayla jazmine jerrod jimena joelle
    josefina joselyn kadeem kadija kalani kareem kavita kehinde keon keyana khadijah kimani kojo kyla lakisha laquan latrice
    layla leilani letisha liliana lourdes luca lucinda luka luna lupita mahmoud makayla malika manju marcellus margot
    marguerite mariama marlon marquise marta maribel matthias maximo mei-ling mercy mikey milagros milena mireille mirza
    mohan monserrat myron nadira naima nanette napoleon natividad neema ngozi nils nneka noemi nuria obinna odalys odette
    ofelia olga oluwaseun onyeka osman otto paloma parisa paulo perla petra pilar prudence rahel ramiro raina rashad raquel
    renaldo rigoberto rishi rosetta roxana ruthie sakura saleh samira saoirse sergei shameka shanelle shanika sharonda shavonne
    shayla shonda soledad soraya subhash suleiman susannah svetlana tadeusz tafari tahir taiwo takeshi talisha tamir taneisha
    tavita tawanda tendai terrance thabo thandi theodora tiara tierra toma tomasz trent treyvon tyrus ulises ursula uzma
    vanya vasquez venus vicente viktor vishal walid wilfredo wilhelmina xochitl yadira yaretzi yasmina yohannes yuri yusra
    zahir zaida zainabu zaria zayden zelda zola zora
    bex bert bertie billie bobbi cal charley chas chaz chrissy dex dom eddy elle ellis finn finley gabe gracie gus hattie izzy
    jax jen jenn jess jez josie kat kenzo kit lottie mandy manny mattie mel mo moe nat ned nell nico nikolai ollie ozzy reese
    rio roz sal shay sid steph tam tash trey ty val vin zac zay zeke
    sanaa shreya sione soren tariq tayo thanh thuy tran trang tuan uma wei xiomara yara yoon zawadi zeynep
    dee-dee jojo lexi kiki nene junior tito chuy pilar paco pepe beto memo nando chela socorro rocio itzel yareli
""")
#: First names that are everyday words or places too: they need a word beside them that says so.
DOUBTFUL_NAMES = _listed("""
    hamilton harlan harris haven marshall milton newton perry pierce prince raven roosevelt spencer wallace warner weston wilson
    trinidad orlando genesis kendall kent tucker tanner vaughn sheridan murray wyatt nolan kirk lara lacey williams willis merle
    angel art august austin bill blake brooke brooklyn carolina charity charlotte chance chase chelsea christian dakota
    dale dallas dawn destiny diamond drew eden eugene faith florence forest georgia grace grant harmony hope houston
    hunter jackson jasper jordan journey joy justice kennedy kent lane liberty lincoln london mark marks madison may
    mercy miles miracle nash nevaeh nova olympia page paris parker patience pearl penny pepper phoenix precious prince
    princess quinn ray reed reese rich river rob rocky rose royal sage savannah shelly skye sky star stone storm summer
    sunny sydney trinity victoria virginia wade ward will winter heaven autumn bishop cash dean guy jewel king major
    melody norm pat rusty skip troy clay cole crystal amber ebony ivy holly violet willow iris olive ruby misty porter
    april june randy sandy sue jack glen dee gene max jean ross carter mason taylor bailey kelly roman milan santiago
    salvador sierra kenya mercedes alexa casey morgan riley logan lee long song kim park junior love
""")

#: Doing the work of a name at the start of a sentence, or written with a capital letter, and no name.
NOT_NAMES = _listed("""
    i a an the this that these those my your his her its our their he she it we they you who what when where why how
    which whose if then so but and or nor yet for as at by from in into of off on onto out over to under up with without
    about above after again against all almost alone along already also although always am among any anybody anyone
    anything anyway are around aren't away back be became because been before behind being below besides best better
    between beyond both can can't cannot could couldn't despite did didn't do does doesn't doing don't done down during
    each either else enough even eventually ever every everybody everyone everything except few finally first firstly
    following former fortunately further furthermore generally given had has hasn't have haven't having hello hence here
    hers herself hey hi him himself hopefully however i'd i'll i'm i've indeed initially instead is isn't it's itself just
    last lastly later least less let let's like likewise looking many maybe me meanwhile might mine more moreover most much
    must myself namely near nearly need neither never nevertheless new next no nobody none nonetheless not nothing now
    nowhere obviously often oh ok okay old once one only other others otherwise ours ourselves overall own perhaps
    personally please possibly previously probably quite rather really recently regarding same second secondly seeing
    several shall should shouldn't similarly since some somebody someone something sometimes somewhere soon still such
    sure surely than thank thanks that's theirs them themselves there therefore they're third though three through
    throughout thus till today together tomorrow tonight too toward towards two ultimately unfortunately unless unlike
    until upon us usually very was wasn't well were weren't what's whatever whenever where's wherever whereas whether
    while whoever whom why's wife will won't would wouldn't yes yesterday you'd you'll you're you've yours yourself
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    january february march april may june july august september october november december jan feb mar apr jun jul aug
    sep sept oct nov dec spring summer fall autumn winter
    christmas thanksgiving easter halloween ramadan eid hanukkah diwali passover kwanzaa juneteenth mother's father's
    valentine's veterans memorial labor independence boxing lent advent
    facebook instagram insta ig snapchat snap tiktok twitter x linkedin youtube whatsapp discord reddit tumblr pinterest
    telegram signal zoom teams slack google gmail outlook yahoo venmo paypal cashapp tinder bumble grindr hinge twitch
    threads bluesky mastodon messenger meta apple android iphone ipad netflix spotify chatgpt siri alexa claude gemini
    copilot canvas blackboard moodle brightspace nextdoor wechat skype facetime imessage yelp healthgrades roblox minecraft
    fortnite steam xbox playstation onlyfans bereal fb yik yak gofundme uber lyft amazon walmart target starbucks
    mcdonald's doxy doordash etsy ebay quora wikipedia
    nasw cswe nyu aswb apa cdc who hipaa ferpa dsm cps dcfs dcf dss hhs samhsa aarp unicef un eu uk us usa u.s nhs bc
    msw bsw bswe mswe dsw phd lcsw lmsw lsw rn md jd ptsd adhd ocd ptsd bpd lgbtq lgbt bipoc id ids tv dm dms pm ai pta
    iep ged sat act ssi ssdi snap tanf wic ebt hud va er icu obgyn ob hiv aids hr it ceo vp gps faq pdf url sms aa na
    code ethics standard standards section article principle principles value values act law title chapter module unit
    lesson part question questions table figure appendix page guide guideline guidelines technology practice class course
    seminar field education social work worker workers media policy policies court supreme congress senate house
    parliament government state federal county city town village district department ministry bureau office board
    commission council committee association society institute university college school academy center centre clinic
    hospital shelter agency services service program project foundation hotline lifeline line crisis emergency
    medicaid medicare obamacare section8 head start early intervention
    english spanish french german portuguese creole haitian mandarin cantonese chinese korean japanese vietnamese arabic
    somali hindi urdu punjabi tagalog russian ukrainian polish italian asl latin hebrew hmong swahili farsi persian
    american african asian latino latina latinx hispanic black white indigenous native mexican cuban dominican
    salvadoran guatemalan honduran colombian venezuelan canadian british irish scottish welsh european indian pakistani
    americans africans asians mexicans cubans canadians haitians indians chinese immigrants latinos latinas europeans christians
    muslims jews catholics protestants hindus buddhists evangelicals mormons cognitive behavioral motivational dialectical
    filipino filipina iraqi iranian syrian afghan ethiopian nigerian kenyan ghanaian brazilian peruvian jamaican caribbean
    deaf blind christian muslim jewish catholic protestant baptist lutheran methodist evangelical hindu buddhist sikh
    mormon jehovah's god jesus allah bible quran torah lord
    america mexico canada england britain scotland wales ireland france germany spain italy china japan india korea
    vietnam philippines haiti cuba jamaica honduras guatemala colombia venezuela brazil peru ecuador ukraine russia
    syria iraq iran afghanistan pakistan nigeria ghana ethiopia somalia egypt israel palestine europe africa asia
    alabama alaska arizona arkansas california colorado connecticut delaware florida hawaii idaho illinois indiana iowa
    kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska
    nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont washington wisconsin wyoming ontario quebec
    alberta manitoba saskatchewan newfoundland
    client clients patient patients student students teacher teachers parent parents mother father mom dad mum child
    children kids teens youth adults seniors families family people person men women staff management police folks guys
    supervisor supervision instructor professor interns intern colleagues classmates peers friends everyone's mothers
    fathers officer principal director manager nurse doctor therapist counselor caseworker administration reception
    security confidentiality privacy consent boundaries dual relationship relationships self-determination competence
    integrity justice dignity informed ethical ethics ethic online digital internet virtual telehealth cyberbullying
    research data records record documentation screenshot screenshots emails email texting texts text posts posting post
    comments comment group groups chat chats app apps website blog blogs podcast news newspaper journal case cases study
    posted posting working talking asking telling using being going getting making taking having thinking learning
    writing reading sharing searching following accepting googling reaching knowing respecting protecting imagine
    consider suppose remember ask tell say look think note take make go get keep talk write read search share respect
    protect avoid check see use call try stop
    dear sincerely regards cheers best warmly respectfully hello greetings team class hiring editor admin moderator
    committee members colleagues group doe smithsonian tarasoff miranda amber title ix great good nice love hugs sorry
    yesterday's today's tomorrow's tonight's sir madam ma'am mr mrs ms dr prof
    pride republican democrat democrats republicans maga covid covid-19 coronavirus pandemic blm metoo
    narcan suboxone methadone xanax zoloft prozac ritalin adderall fentanyl naloxone lexapro tylenol
    kik tor wifi bluetooth airdrop photoshop word excel powerpoint docs drive dropbox onedrive
    practitioner investigator care abuse general representatives commons lords magazine client's patient's student's child's mother's family's teacher's worker's people's everyone's someone's
    nobody's anybody's one's women's men's children's kids' it's he's she's there's here's let's who's how's god's
    somebody's another's america's world's country's agency's school's hospital's court's nation's state's city's
""")

#: Surnames that a social work student writes as a source, and that few clients have.
AUTHORS = _listed("""
    reamer congress barsky addams bronfenbrenner satir minuchin linehan yalom freire crenshaw foucault rawls kant
    aristotle kohlberg goffman saleebey kubler-ross konopka biestek gambrill voshel wesala boddy dominelli turkle
    zuckerberg musk bezos obama trump biden clinton beyoncé oprah winfrey tarasoff snowden orwell shakespeare mandela
    gandhi freud jung piaget bowlby ainsworth maslow bandura pavlov erikson vygotsky prochaska diclemente rollnick
    seligman epstein belmont nuremberg alinsky kolb perlman seuss phil lacks mlk
""")
#: Well-known people whose surnames others have too.
PUBLIC_PEOPLE = frozenset(
    name.strip()
    for name in """
    mary richmond, bertha reynolds, helen perlman, florence hollis, carl rogers,  fred rogers, aaron beck, judith beck,
    albert ellis, murray bowen, jay haley, carol gilligan, bell hooks, danah boyd, brené brown, brene brown,
    martin luther, martin king, luther king, malcolm x, rosa parks, taylor swift, elon musk, mark zuckerberg,
    jeff bezos, henrietta lacks, george floyd, breonna taylor, trayvon martin, michael brown, jk rowling, jane doe,
    john doe, jane roe, joe biden, donald trump, hillary clinton, bill clinton, kamala harris, barack obama,
    michelle obama, abraham lincoln, franklin roosevelt, eleanor roosevelt, john kennedy, jimmy carter, george bush,
    dorothy height, whitney young, frances perkins, harry hopkins, dorothea dix, john rawls, immanuel kant,
    maya angelou, toni morrison, james baldwin, bruce perry, gabor maté, gabor mate, judith herman, peter levine,
    daniel siegel, dan siegel, john bowlby, mary ainsworth, marsha linehan, irvin yalom, michel foucault,
    charlotte towle, edith abbott, grace abbott, jane addams, kimberlé crenshaw, amanda todd, tyler clementi,
    megan meier, megan's law, jessica's law, dr phil, allan barsky, frederic reamer, elaine congress
    """.split(",")
)

#: After "called" and "named" something other than a person, if one of these comes before.
THINGS = _listed("""
    app apps book article platform site website program programme group game movie film show documentary podcast theory
    model act law bill course class tool software account page channel series study song town city village school
    agency shelter feature section chapter concept thing something approach method framework hashtag trend challenge
    company organization organisation nonprofit charity policy form standard principle value rule document report journal
    dog cat puppy street road place service hotline what event campaign magazine newspaper drug medication band album
    assignment exercise worksheet activity clinic hospital center centre church store restaurant bar ministry test scale
    intervention therapy technique forum community subreddit chatroom chatbot bot server filter law case lecture unit
    it they this that people
""")

#: States, provinces and the largest countries: too large to be the one town of a combination.
STATES = _listed("""
    alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa
    kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada
    ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia washington wisconsin wyoming carolina dakota
    hampshire jersey mexico york ontario quebec alberta manitoba saskatchewan newfoundland america canada england britain
    scotland wales ireland france germany spain italy china japan india korea vietnam philippines haiti cuba jamaica
    honduras guatemala colombia venezuela brazil peru ecuador ukraine russia syria iraq iran afghanistan pakistan nigeria
    ghana ethiopia somalia egypt israel palestine europe africa asia columbia rico islands
""")
FAITHS = _listed("catholic jewish lutheran methodist baptist presbyterian islamic muslim episcopal evangelical mennonite quaker ymca ywca")

#: What schools are called.
SCHOOL_HEADS = _listed("""
    school high middle elementary primary secondary junior preparatory prep academy charter montessori grammar
    comprehensive kindergarten preschool collegiate magnet infants lyceum seminary
""")
#: What agencies are called.
AGENCY_HEADS = _listed("""
    shelter clinic center centre centers hospital hospitals hospice services agency charities rehab rehabilitation infirmary
    outreach ministries counseling counselling pantry healthcare jail prison correctional hotline sanctuary orphanage
    psychiatric psychotherapy daycare clubhouse ymca ywca treatment recovery
""")
#: Of these only with words around that say so.
WEAK_HEADS = _listed("""
    house home homes haven therapy place program programs programme project network care health medical wellness institute society
    foundation mission ministry alliance coalition village manor lodge residence residences association group trust bank
    kitchen club partners partnership collaborative connections initiative general memorial regional inn ranch court
    facility campus unit ward behavioral support advocates solutions resources resource options associates collective
    crossing pathways gardens terrace arms apartments hall church youth kids families
""")
#: Weak ones that tell something when they stand before another: "Open Arms Family Shelter".
TELLING = _listed("haven village manor lodge inn ranch crossing pathways gardens terrace arms connections alliance mission")
#: Words that say so.
AGENCY_CUES = _listed("""
    placement internship intern interning interned practicum agency field placed shelter clinic client clients resident residents staff
    volunteer volunteers volunteering volunteered worker workers caseworker counselor admitted discharged staying stays
    stayed patient patients supervisor program rehab detox sober referred referral inpatient outpatient hospice nonprofit
    therapist bed beds intake group work works worked job hired released transferred hospitalized er emergency nurse
    residential treatment visit visited visiting visits services night nights lives living at
""")
#: Words in the names of such places that are in those of all of them.
GENERIC = AGENCY_HEADS | (WEAK_HEADS - TELLING) | SCHOOL_HEADS | _listed("""
    the a an our my his her their your its this that every each any no some local state county city town public private
    community mental social human family families child children youth teen teens adult adults senior seniors women woman
    men women's men's children's veterans veterans' homeless domestic violence abuse sexual assault crisis emergency medical
    health wellness protective protection student students counseling advising writing career learning resource resources
    legal aid food day care early head start intervention prevention support urgent walk-in drop-in community-based
    foster kinship adoption juvenile detention justice probation court drug alcohol substance use addiction recovery
    treatment residential inpatient outpatient behavioral psychiatric nursing assisted living rehabilitation physical
    occupational speech special education after before outreach prevention shelter services service department division
    office bureau board ministry administration association agency center centre clinic hospital college university campus
    national american federal international world global central general regional free new open safe house of for and
    victim victims survivor survivors rape advocacy immigrant refugee lgbtq lgbt disability disabilities independent
    reproductive primary trauma grief information technology data research ethics policy practice field work worker
    workers homelessness transitional temporary supportive housing emergency-shelter cooling warming call help information
    admissions financial international multicultural women’s children’s junior senior high middle elementary secondary
    graduate undergraduate professional development continuing training online virtual digital i ii in on at by to
    boys girls big brothers sisters club department human-services visitor welcome shopping convention mall data call
    police fire sheriff sheriff's cancer heart fitness sports recreation arts performing nature science medicaid medicare
""")
#: Bodies that everybody cites, helplines, and offices that every place has.
PUBLIC_BODIES = frozenset(
    name.strip()
    for name in """
    pew research center, mayo clinic, cleveland clinic, trevor project, crisis text line, suicide prevention lifeline,
    suicide and crisis lifeline, domestic violence hotline, national center, white house, human rights campaign,
    family foundation, casey foundation, kaiser family foundation, centers for disease control, silver school,
    child welfare information gateway, children's bureau, child protective services, adult protective services,
    department of social services, department of human services, department of health and human services,
    department of children and family services, department of family services, health and human services,
    substance abuse and mental health services administration, indian health service, big brother house,
    mental health america, planned parenthood, hull house, toynbee hall, better business bureau, red cross,
    american red cross, open house, full house, center for social media, berkman klein center, data center,
    southern poverty law center, human services, nasw foundation, technology standards, world health organization,
    social security administration, veterans affairs, job corps, peace corps, head start, ethics resource center,
    nasw center, legal defense fund, salvation army, court appointed, brown school
    """.split(",")
)
