"""First names, written down from memory for this project. All in small letters.

No name has to stand here to be found: the words around it can say as much (``nameclues``).
"""

from __future__ import annotations

from fieldguide.pause.wordlists import listed

#: What is an everyday word or a well-known place too stands in DOUBTFUL_NAMES as well.
FIRST_NAMES = listed("""
    devonte darryl ruthann amos hildegard ji-woo jiwoo rafiq osvaldo paulette stefania anton ximena
    aaliyah aaron abby abdul abdullah abel abigail adam adrian adriana ahmad ahmed aidan aiden aisha akira alan
    albert alberto alejandra alejandro alex alexa alexander alexandra alexis alfonso alfred ali alice alicia
    alisha alison allen allison alma alyssa amanda amara amelia amina amir amy ana andre andrea andreas andres
    andrew andy angela angelica angelina angie anika anita ann anna anne annie annika anthony antoine antonio
    anya april aria ariana ariel arjun arthur arturo asha ashanti ashley aubrey audrey ava avery ayesha aziz
    bailey barbara beatrice beatriz becca becky ben benjamin bernadette bernard beth bethany betty beverly
    bianca billy bobby brad bradley brandon brandy brenda brendan brent brett brian briana brianna bridget
    brittany bruce bryan bryce caitlin caleb callum calvin camila cameron camille candace cara carl carla carlos
    carlton carly carmen carol caroline carolyn carrie carter casey cassandra cassie catherine cathy cecilia
    cedric celeste celia cesar chantal charlene charles charlie chelsey cheryl chloe chris christa christina
    christine christopher cindy claire clara clarence claudia clay clayton cole colin connie connor conor
    consuelo corey cory courtney craig cristina crystal curtis cynthia daisuke dakarai damian damien damon dan
    dana daniel daniela danielle danny dante daphne darius darlene darnell darrell darren daryl dave david dawit
    dean deandre deanna debbie deborah debra dee deepak deja delia delores demetrius denise dennis derek derrick
    deshawn desiree desmond devin devon diana diane diego dina dmitri dolores dominic dominique donald donna
    donnell doreen doris dorothy doug douglas duane dustin dwayne dwight dylan ebony eddie edgar edith eduardo
    edward edwin eileen elaine eleanor elena eli elias elijah elisa elise elizabeth ella ellen ellie elliot
    eloise elsa emilia emilio emily emma emmanuel enrique eric erica erik erika erin ernest ernesto esmeralda
    esperanza esteban estella esther ethan eugenia eva evan evelyn ezekiel ezra fadi farah fatima fatimah
    felicia felicity felipe felix fernanda fernando fiona francesca francine francis francisco frank frankie
    fred freddie frederick gabriel gabriela gabriella gabrielle gareth gary gavin gemma gene geoffrey george
    gerald geraldine gerardo gina giovanni gladys glen glenn gloria gonzalo gordon graciela graham greg gregory
    greta guadalupe guillermo gustavo gwen hailey hakim haley hana hank hannah harold harriet harry haruto
    hassan hayden heather hector heidi helen henry herman hilda holly howard hugo hussein ian ibrahim ida
    ignacio iman imani ines ingrid irene iris isaac isabel isabella isabelle isaiah isla ismael ivan ivy jacinda
    jack jackie jacob jacqueline jada jaden jaime jake jakob jamal jamar jamie jamila jane janelle janet janice
    jared jasmine jason javier jay jayden jaylen jazmin jean jeanette jeff jeffrey jenna jennifer jenny jeremiah
    jeremy jermaine jerome jerry jesse jessica jessie jesus jill jim jimmy jin jo joan joana joann joanna joanne
    joaquin jocelyn jodi jody joe joel joey johanna john johnny jon jonah jonas jonathan jorge jose josé josef
    joseph josephine josh joshua josie josue joyce juan juana juanita judith judy julia julian juliana julie
    juliet julio julius june justin kaitlyn kamal kamala kara karen karim karina karl karla kate katelyn
    katherine kathleen kathryn kathy katie katrina kayla kaylee keanu keisha keith kelly kelsey kelvin ken
    kendra kendrick kenji kenneth kenny kenya keri kerry kevin khadija khalid khalil kiana kiara kieran kim
    kimberly kira kirsten kofi kourtney krista kristen kristin kristina kristy krystal kwame kyle kylie kyra
    ladonna lakeisha lamar lamont lana lance larry lashawn latasha latisha latonya latoya laura lauren laurie
    lawrence leah leandro lee leila lena leo leon leona leonard leonardo leroy leslie leticia levi lewis liam
    lila lillian lily lina linda lindsay lindsey linh lisa liz lizzie logan lola lorena lorenzo loretta lori
    lorraine lottie louis louise lourdes lucas lucia luciana lucille lucy luis luisa luke luz lydia lynn mabel
    mackenzie maddie mae maggie magdalena malachi malcolm malia malik mandy manuel mara marc marcel marcela
    marcella marcia marco marcos marcus margaret margarita maria maría mariah mariam mariana marie mariela
    marilyn mario marion marisa marisol marissa marjorie marlene marquis marsha marta martha martin martina
    marvin mary maryam mason mateo mathew matilda matt matthew maureen maurice mauricio max maxine maya mckenna
    meera megan meghan mei melanie melinda melissa melody mercedes meredith mia micah michael michaela michele
    michelle mickey miguel mike milan mila mildred millie milo mindy mira miranda miriam misty mitchell mohamed
    mohammad mohammed moises molly mona monica monique morgan moses muhammad muriel mustafa myra nadia nadine
    nancy naomi natalia natalie natasha nate nathan nathaniel neha neil nelson nessa nia nicholas nick nicola
    nicolas nicole nikita nikki nina noah noel noelle nora noor norma norman nour nyla octavia odessa oleksandr
    olga olive oliver olivia omar oscar otis owen pablo paige pam pamela paola patricia patrick paul paula
    paulette pauline pedro peggy penelope pete peter peyton phil philip phillip phoebe phyllis pierre porter
    preston priscilla priya quentin quincy rachel rafael rahul raj rajesh ralph ramon ramona randall randy
    raquel rasheed rashida raul ravi raymond reba rebecca reggie regina reginald renata rene renee rhonda
    ricardo richard rick ricky riley rita roberta roberto robert robin rochelle rodney rodrigo roger rohan
    roland rolando roman ron ronald ronnie rory rosa rosalie rosalind rosario rosemary roshni rosie ross roxanne
    roy ruben ruby rudy rufus russell ruth ryan sabrina sadie saeed salim sally salma salvador sam samantha
    samir samira samuel sandra sandy sanjay santiago sara sarah sasha saul scott sean sebastian selena selma
    serena sergio seth shane shaniqua shania shanice shannon shaquille sharon shaun shauna shawn shawna sheila
    shelby shelly sherri sherry shirley sidney sienna sierra silvia simon simone sofia solomon sonia sonya
    sophia sophie stacey stacy stan stanley stefan stella stephanie stephen steve steven stuart sue sunita susan
    susana susie suzanne sylvia tabitha talia tamara tameka tamika tammy tania tanisha tanya tara tariq tasha
    tatiana taylor ted teresa terrell terrence terri terry tess tessa thea thelma theo theodore theresa thomas
    tiana tiffany tim timothy tina toby todd tom tomas tommy toni tonya tony tracey traci tracy travis trevor
    tricia trina trisha tristan troy tyler tyree tyrell tyrese tyrone umar valentina valerie vanessa vera
    veronica vicki vicky victor vikram vince vincent violet viola vivian vladimir wanda warren wayne wendell
    wendy wesley whitney wilfred william willie willow wilma xavier ximena yasmin yasmine yesenia yolanda yosef
    yousef yuki yusuf yvette yvonne zach zachary zahra zainab zane zara zoe zoey zuri anh aroha bao chidi
    chiamaka dao duc eun farid femi giang hamza hieu hoa huong ifeoma jomo kaya keiko kiran laila lam lan lupe
    malala mamadou minh moussa nguyet nasir nikhil oksana olu omari oumar pooja quan rania rosalba rui sade
    walter winifred alfie alistair angus aoife archie bronwyn catriona cerys ciara deirdre dilys eilidh fergus
    fraser freya gethin geraint gwyneth hamish hamid harvey imogen isobel jemima keira kenzie kirsty lachlan
    lorna mairead morag nigel niamh nuala orla padraig poppy rhiannon rhys rowan ruairi saoirse siobhan sinead
    sorcha tamsin tegan una wilf winnie cody brielle halima lyle ilya nikolai calliope corinne beth-ann darrin
    darian davonte deion demarcus deonte dontae devante eloy emeka efren elvia elvira ernie erwin fabian fabiola
    faisal fausto faye federico fidel fletcher flora florencia floyd galen garrett gaston genesis georgina
    gerard geri gianna gilbert gilberto gino giselle gretchen grover hallie hamilton harlan harmon harris haven
    hayley hiram hugh humberto hunter ignatius ilse imran irma irving irwin isidro issac ivette jacinto jacoby
    jamarcus jameson jamison janessa janine jarrod jarvis jayda jaylin jayson jeanne jed jeffery jerald jeremias
    jerrell jett jewell joanie jodie johnathan jolene josiah jovan jovani juliette juno justine justina kacey
    kaden kai kaitlin kale kali kameron kamryn kandace karissa karley karol karyn kasey kathi kathrine kaylin
    keaton keegan keenan kelli kellie kelton kenan kendall kendal kennedi kenia kennith kent keon kerri kevon
    keyshawn khalif kirk kobe kody kristal kristi kristian kristie kurt lacey lacy laney lara latonia latoria
    lavonne leanna leanne leeann leighton lela leland lenny lenora leonel leonie leopold leora lester leta lidia
    lilia lillie linnea lionel liza londa londyn lonnie loren lorene lorie lou louie lowell luann lucian lucien
    ludwig luigi lula lyla lyndon lynette lynne mable macy madeleine madeline madelyn magda maia makenna mallory
    mamie marcelo marcie margarito margie mariano maritza marla marlee marlena marley marlin marlys marni
    marquez marshall marty maryann maryjane mathias matthias maud maura mauro maverick maxwell mayra mckayla
    meagan melba melina melisa melva melvin merle mervin micaela micheal mikayla mikaela milton mimi minerva
    minnie mitch mitzi mollie monika monte monty montrell moshe murray mya myles myrna myron nadya nan nannie
    neal neve newton nichole nikia nikole nita noelia nolan norah norbert norris nova nydia oakley obadiah odell
    odin ofelia ollie ophelia oren orlando orville oswaldo paisley pansy patsy patti patty paulina perry pierce
    porsha prince quinton rae raegan raheem ramiro ramsey randal raphael raven raylene reagan rebeca reed regan
    reid reina renae rex reyna rhea rhoda rico rigo rickie robbie robby robyn rocco roderick rodger rolf romeo
    ronan roosevelt rosalina rosalyn rosanne roscoe roseann rosetta roslyn rowena roxie royce rubin rudolph
    rupert rylee sabina sage salvatore samara sammy samson saniya santos sariah savion selah selina serafina
    shana shanna shante shari sharlene sharron shawanda shay shayne shea shelia shelton sheree sheridan sherman
    sherwood shira sibyl silas silvio simeon skylar skyler sloane sofie sonja spencer stacie starla stefanie
    stephan stephany stevie suzan suzette sybil sydnee sylvester sylvie tabatha tad talon tamera tami tamia
    tanner tatum tawny tera teri terrie tevin thad thaddeus theron tierney tillie tisha titus tobias tomeka
    toria torvald tracie tremaine trenton trevon trinidad tristen trudy tucker tyra tyson ulysses ursula
    valentin vaughn verna vernon vickie vida vilma violeta virgil vivien vonda wallace walton ward warner weston
    wilbert wilbur wilda willa willard williams willis wilson winfred winston woodrow wyatt xander xena yahir
    yasir yesica yoselin zachariah zackary zaire zander zaniyah zaria zechariah zena zion zoila zuleika abena
    adaeze adebayo adeola akua ama amari amaya anaya anjali arash asad ashok asmaa ayana azadeh babak bahar
    baraka binta blessing bukola carmelita chen chioma cyrus dariela deena delroy delphine dimitri divya ebele
    efua elif emre esi estelle evangelina farida fatou fernande folake genevieve giulia goran gurpreet habib
    hadiya hiroshi hyun idris ife inaya ioana jabari jacques jahmal jalen janae janelly jasmin javon jayla
    jazmine jerrod jimena joelle josefina joselyn kadeem kadija kalani kareem kavita kehinde keyana khadijah
    kimani kojo kyla lakisha laquan latrice layla leilani letisha liliana luca lucinda luka luna lupita mahmoud
    makayla malika manju marcellus margot marguerite mariama marlon marquise maribel maximo mei-ling mercy mikey
    milagros milena mireille mirza mohan monserrat nadira naima nanette napoleon natividad neema ngozi nils
    nneka noemi nuria obinna odalys odette oluwaseun onyeka osman otto paloma parisa paulo perla petra pilar
    prudence rahel raina rashad renaldo rigoberto rishi roxana ruthie sakura saleh sergei shameka shanelle
    shanika sharonda shavonne shayla shonda soledad soraya subhash suleiman susannah svetlana tadeusz tafari
    tahir taiwo takeshi talisha tamir taneisha tavita tawanda tendai terrance thabo thandi theodora tiara tierra
    toma tomasz trent treyvon tyrus ulises uzma vanya vasquez venus vicente viktor vishal walid wilfredo
    wilhelmina xochitl yadira yaretzi yasmina yohannes yuri yusra zahir zaida zainabu zayden zelda zola zora bex
    bert bertie billie bobbi cal charley chas chaz chrissy dex dom eddy elle ellis finn finley gabe gracie gus
    hattie izzy jax jen jenn jess jez kat kenzo kit manny mattie mel mo moe nat ned nell nico ozzy reese rio roz
    sal sid steph tam tash trey ty val vin zac zay zeke sanaa shreya sione soren tayo thanh thuy tran trang tuan
    uma wei xiomara yara yoon zawadi zeynep dee-dee jojo lexi kiki nene junior tito chuy paco pepe beto memo
    nando chela socorro rocio itzel yareli
""")
#: First names that are everyday words or places too: they need a word beside them that says so.
DOUBTFUL_NAMES = listed("""
    hamilton harlan harris haven marshall milton newton perry pierce prince raven roosevelt spencer wallace
    warner weston wilson trinidad orlando genesis kendall kent tucker tanner vaughn sheridan murray wyatt nolan
    kirk lara lacey williams willis merle angel art august austin bill blake brooke brooklyn carolina charity
    charlotte chance chase chelsea christian dakota dale dallas dawn destiny diamond drew eden eugene faith
    florence forest georgia grace grant harmony hope houston hunter jackson jasper jordan journey joy justice
    kennedy lane liberty lincoln london mark marks madison may mercy miles miracle nash nevaeh nova olympia page
    paris parker patience pearl penny pepper phoenix precious princess quinn ray reed reese rich river rob rocky
    rose royal sage savannah shelly skye sky star stone storm summer sunny sydney trinity victoria virginia wade
    ward will winter heaven autumn bishop cash dean guy jewel king major melody norm pat rusty skip troy clay
    cole crystal amber ebony ivy holly violet willow iris olive ruby misty porter april june randy sandy sue
    jack glen dee gene max jean ross carter mason taylor bailey kelly roman milan santiago salvador sierra kenya
    mercedes alexa casey morgan riley logan lee long song kim park junior love
""")
#: Listed names that are words of a sentence too when they are written small.
SMALL_WORDS = listed("""
    alma archie bailey bert billie blessing cal candy carol carter cherry chuck chen cole dale dot earl ellis
    felicity finn frank fraser gene ginger glen grant guy gus hank harry harvey hazel heather holly hyun jack
    jade jasmine jasmin jay jean jess jimmy johnny joy ken kenya kit lance layla luna luz mae manny marina
    martin mason mat max melody mercedes mercy mike milan misty mo moe morgan myrtle napoleon nat nell nick
    norma olive otto pat peg pepper perla peter phil poppy porter prudence randy rio robin roman rosemary rowan
    roz sal sally salvador sandy santiago sid sidney sierra stan sue tam tash taylor terry tia tiara tierra
    tommy toni trey ty una ursula val venus victor vin viola violet will winnie ivan chance faye flora genesis
    gilbert harlan harris haven hamilton hunter kale kirk lacey lacy lara marshall milton minnie monte perry
    pierce prince rae raven reed rex rocco sage santos shea spencer talon tanner trinidad tucker vida wallace
    ward warner weston wilson newton patsy pansy penny royce rico sheridan merle minerva mimi nan nova oakley
    odin orlando roy winston xena zion bonnie cliff sunny rusty dusty curt earnest ernest ruby dean iris opal
    pearl scott ross troy amber ebony crystal summer autumn dawn
""")
#: Doubtful ones that no other word looks like when they stand, written small, after "my client".
SMALL_NAMES = listed("""
    destiny jordan austin brooke chelsea charlotte savannah sydney victoria dakota trinity jackson madison quinn
    nevaeh skye
""")
