namespace CraftKit.Edge.Catalog;

/// <summary>What Unicode's compatibility decomposition (NFKD) makes of single characters, as far as ASCII letters or digits come out
/// of it, in lower case and with everything else as a hyphen.</summary>
/// <remarks>The program runs without ICU, where <see cref="string.Normalize()"/> does nothing. Derived from the Unicode Character
/// Database 14: each character that is not ASCII is followed by what it becomes.</remarks>
internal static class SlugLetters
{
    private const string Table =
        "ªa²2³3¹1ºo¼1-4½1-2¾3-4ÀaÁaÂaÃaÄaÅaÇcÈeÉeÊeËeÌiÍiÎiÏiÑnÒoÓoÔoÕoÖoÙuÚuÛuÜuÝyàaáaâaãaäaåaçcèeéeêeëeìiíiîiïi" +
        "ñnòoóoôoõoöoùuúuûuüuýyÿyĀaāaĂaăaĄaąaĆcćcĈcĉcĊcċcČcčcĎdďdĒeēeĔeĕeĖeėeĘeęeĚeěeĜgĝgĞgğgĠgġgĢgģgĤhĥhĨiĩiĪiīi" +
        "ĬiĭiĮiįiİiĲijĳijĴjĵjĶkķkĹlĺlĻlļlĽlľlĿl-ŀl-ŃnńnŅnņnŇnňnŉ-nŌoōoŎoŏoŐoőoŔrŕrŖrŗrŘrřrŚsśsŜsŝsŞsşsŠsšsŢtţtŤt" +
        "ťtŨuũuŪuūuŬuŭuŮuůuŰuűuŲuųuŴwŵwŶyŷyŸyŹzźzŻzżzŽzžzſsƠoơoƯuưuǄdzǅdzǆdzǇljǈljǉljǊnjǋnjǌnjǍaǎaǏiǐiǑoǒoǓuǔuǕu" +
        "ǖuǗuǘuǙuǚuǛuǜuǞaǟaǠaǡaǦgǧgǨkǩkǪoǫoǬoǭoǰjǱdzǲdzǳdzǴgǵgǸnǹnǺaǻaȀaȁaȂaȃaȄeȅeȆeȇeȈiȉiȊiȋiȌoȍoȎoȏoȐrȑrȒrȓrȔu" +
        "ȕuȖuȗuȘsșsȚtțtȞhȟhȦaȧaȨeȩeȪoȫoȬoȭoȮoȯoȰoȱoȲyȳyʰhʲjʳrʷwʸyˡlˢsˣxᴬaᴮbᴰdᴱeᴳgᴴhᴵiᴶjᴷkᴸlᴹmᴺnᴼoᴾpᴿrᵀtᵁuᵂwᵃaᵇbᵈd" +
        "ᵉeᵍgᵏkᵐmᵒoᵖpᵗtᵘuᵛvᵢiᵣrᵤuᵥvᶜcᶠfᶻzḀaḁaḂbḃbḄbḅbḆbḇbḈcḉcḊdḋdḌdḍdḎdḏdḐdḑdḒdḓdḔeḕeḖeḗeḘeḙeḚeḛeḜeḝeḞfḟfḠgḡgḢhḣh" +
        "ḤhḥhḦhḧhḨhḩhḪhḫhḬiḭiḮiḯiḰkḱkḲkḳkḴkḵkḶlḷlḸlḹlḺlḻlḼlḽlḾmḿmṀmṁmṂmṃmṄnṅnṆnṇnṈnṉnṊnṋnṌoṍoṎoṏoṐoṑoṒoṓoṔpṕpṖpṗp" +
        "ṘrṙrṚrṛrṜrṝrṞrṟrṠsṡsṢsṣsṤsṥsṦsṧsṨsṩsṪtṫtṬtṭtṮtṯtṰtṱtṲuṳuṴuṵuṶuṷuṸuṹuṺuṻuṼvṽvṾvṿvẀwẁwẂwẃwẄwẅwẆwẇwẈwẉwẊxẋx" +
        "ẌxẍxẎyẏyẐzẑzẒzẓzẔzẕzẖhẗtẘwẙyẚa-ẛsẠaạaẢaảaẤaấaẦaầaẨaẩaẪaẫaẬaậaẮaắaẰaằaẲaẳaẴaẵaẶaặaẸeẹeẺeẻeẼeẽeẾeếeỀeềeỂe" +
        "ểeỄeễeỆeệeỈiỉiỊiịiỌoọoỎoỏoỐoốoỒoồoỔoổoỖoỗoỘoộoỚoớoỜoờoỞoởoỠoỡoỢoợoỤuụuỦuủuỨuứuỪuừuỬuửuỮuữuỰuựuỲyỳyỴyỵyỶy" +
        "ỷyỸyỹy⁰0ⁱi⁴4⁵5⁶6⁷7⁸8⁹9ⁿn₀0₁1₂2₃3₄4₅5₆6₇7₈8₉9ₐaₑeₒoₓxₕhₖkₗlₘmₙnₚpₛsₜt₨rs℀a-c℁a-sℂc℃-c℅c-o℆c-u℉-fℊgℋhℌhℍh" +
        "ℎhℐiℑiℒlℓlℕn№noℙpℚqℛrℜrℝr℠sm℡tel™tmℤzℨzKkÅaℬbℭcℯeℰeℱfℳmℴoℹi℻faxⅅdⅆdⅇeⅈiⅉj⅐1-7⅑1-9⅒1-10⅓1-3⅔2-3⅕1-5⅖2-5" +
        "⅗3-5⅘4-5⅙1-6⅚5-6⅛1-8⅜3-8⅝5-8⅞7-8⅟1-ⅠiⅡiiⅢiiiⅣivⅤvⅥviⅦviiⅧviiiⅨixⅩxⅪxiⅫxiiⅬlⅭcⅮdⅯmⅰiⅱiiⅲiiiⅳivⅴvⅵviⅶvii" +
        "ⅷviiiⅸixⅹxⅺxiⅻxiiⅼlⅽcⅾdⅿm↉0-3①1②2③3④4⑤5⑥6⑦7⑧8⑨9⑩10⑪11⑫12⑬13⑭14⑮15⑯16⑰17⑱18⑲19⑳20⑴-1-⑵-2-⑶-3-⑷-4-⑸-5-⑹-6-" +
        "⑺-7-⑻-8-⑼-9-⑽-10-⑾-11-⑿-12-⒀-13-⒁-14-⒂-15-⒃-16-⒄-17-⒅-18-⒆-19-⒇-20-⒈1-⒉2-⒊3-⒋4-⒌5-⒍6-⒎7-⒏8-⒐9-⒑10-⒒11-" +
        "⒓12-⒔13-⒕14-⒖15-⒗16-⒘17-⒙18-⒚19-⒛20-⒜-a-⒝-b-⒞-c-⒟-d-⒠-e-⒡-f-⒢-g-⒣-h-⒤-i-⒥-j-⒦-k-⒧-l-⒨-m-⒩-n-⒪-o-⒫-p-⒬-q-" +
        "⒭-r-⒮-s-⒯-t-⒰-u-⒱-v-⒲-w-⒳-x-⒴-y-⒵-z-ⒶaⒷbⒸcⒹdⒺeⒻfⒼgⒽhⒾiⒿjⓀkⓁlⓂmⓃnⓄoⓅpⓆqⓇrⓈsⓉtⓊuⓋvⓌwⓍxⓎyⓏzⓐaⓑbⓒcⓓdⓔeⓕfⓖgⓗh" +
        "ⓘiⓙjⓚkⓛlⓜmⓝnⓞoⓟpⓠqⓡrⓢsⓣtⓤuⓥvⓦwⓧxⓨyⓩz⓪0ⱼjⱽv㉐pte㉑21㉒22㉓23㉔24㉕25㉖26㉗27㉘28㉙29㉚30㉛31㉜32㉝33㉞34㉟35㊱36㊲37㊳38㊴39" +
        "㊵40㊶41㊷42㊸43㊹44㊺45㊻46㊼47㊽48㊾49㊿50㋀1-㋁2-㋂3-㋃4-㋄5-㋅6-㋆7-㋇8-㋈9-㋉10-㋊11-㋋12-㋌hg㋍erg㋎ev㋏ltd㍘0-㍙1-㍚2-㍛3-㍜4-㍝5-" +
        "㍞6-㍟7-㍠8-㍡9-㍢10-㍣11-㍤12-㍥13-㍦14-㍧15-㍨16-㍩17-㍪18-㍫19-㍬20-㍭21-㍮22-㍯23-㍰24-㍱hpa㍲da㍳au㍴bar㍵ov㍶pc㍷dm㍸dm2㍹dm3" +
        "㍺iu㎀pa㎁na㎂-a㎃ma㎄ka㎅kb㎆mb㎇gb㎈cal㎉kcal㎊pf㎋nf㎌-f㎍-g㎎mg㎏kg㎐hz㎑khz㎒mhz㎓ghz㎔thz㎕-l㎖ml㎗dl㎘kl㎙fm㎚nm㎛-m㎜mm㎝cm㎞km" +
        "㎟mm2㎠cm2㎡m2㎢km2㎣mm3㎤cm3㎥m3㎦km3㎧m-s㎨m-s2㎩pa㎪kpa㎫mpa㎬gpa㎭rad㎮rad-s㎯rad-s2㎰ps㎱ns㎲-s㎳ms㎴pv㎵nv㎶-v㎷mv㎸kv㎹mv㎺pw" +
        "㎻nw㎼-w㎽mw㎾kw㎿mw㏀k-㏁m-㏂a-m-㏃bq㏄cc㏅cd㏆c-kg㏇co-㏈db㏉gy㏊ha㏋hp㏌in㏍kk㏎km㏏kt㏐lm㏑ln㏒log㏓lx㏔mb㏕mil㏖mol㏗ph㏘p-m-㏙ppm" +
        "㏚pr㏛sr㏜sv㏝wb㏞v-m㏟a-m㏠1-㏡2-㏢3-㏣4-㏤5-㏥6-㏦7-㏧8-㏨9-㏩10-㏪11-㏫12-㏬13-㏭14-㏮15-㏯16-㏰17-㏱18-㏲19-㏳20-㏴21-㏵22-㏶23-" +
        "㏷24-㏸25-㏹26-㏺27-㏻28-㏼29-㏽30-㏾31-㏿galꟲcꟳfꟴqﬀffﬁfiﬂflﬃffiﬄfflﬅstﬆst０0１1２2３3４4５5６6７7８8９9ＡaＢbＣcＤdＥeＦfＧgＨhＩi" +
        "ＪjＫkＬlＭmＮnＯoＰpＱqＲrＳsＴtＵuＶvＷwＸxＹyＺzａaｂbｃcｄdｅeｆfｇgｈhｉiｊjｋkｌlｍmｎnｏoｐpｑqｒrｓsｔtｕuｖvｗwｘxｙyｚz𐞥q𝐀a𝐁b𝐂c𝐃d𝐄e" +
        "𝐅f𝐆g𝐇h𝐈i𝐉j𝐊k𝐋l𝐌m𝐍n𝐎o𝐏p𝐐q𝐑r𝐒s𝐓t𝐔u𝐕v𝐖w𝐗x𝐘y𝐙z𝐚a𝐛b𝐜c𝐝d𝐞e𝐟f𝐠g𝐡h𝐢i𝐣j𝐤k𝐥l𝐦m" +
        "𝐧n𝐨o𝐩p𝐪q𝐫r𝐬s𝐭t𝐮u𝐯v𝐰w𝐱x𝐲y𝐳z𝐴a𝐵b𝐶c𝐷d𝐸e𝐹f𝐺g𝐻h𝐼i𝐽j𝐾k𝐿l𝑀m𝑁n𝑂o𝑃p𝑄q𝑅r𝑆s𝑇t𝑈u" +
        "𝑉v𝑊w𝑋x𝑌y𝑍z𝑎a𝑏b𝑐c𝑑d𝑒e𝑓f𝑔g𝑖i𝑗j𝑘k𝑙l𝑚m𝑛n𝑜o𝑝p𝑞q𝑟r𝑠s𝑡t𝑢u𝑣v𝑤w𝑥x𝑦y𝑧z𝑨a𝑩b𝑪c𝑫d" +
        "𝑬e𝑭f𝑮g𝑯h𝑰i𝑱j𝑲k𝑳l𝑴m𝑵n𝑶o𝑷p𝑸q𝑹r𝑺s𝑻t𝑼u𝑽v𝑾w𝑿x𝒀y𝒁z𝒂a𝒃b𝒄c𝒅d𝒆e𝒇f𝒈g𝒉h𝒊i𝒋j𝒌k𝒍l" +
        "𝒎m𝒏n𝒐o𝒑p𝒒q𝒓r𝒔s𝒕t𝒖u𝒗v𝒘w𝒙x𝒚y𝒛z𝒜a𝒞c𝒟d𝒢g𝒥j𝒦k𝒩n𝒪o𝒫p𝒬q𝒮s𝒯t𝒰u𝒱v𝒲w𝒳x𝒴y𝒵z𝒶a𝒷b" +
        "𝒸c𝒹d𝒻f𝒽h𝒾i𝒿j𝓀k𝓁l𝓂m𝓃n𝓅p𝓆q𝓇r𝓈s𝓉t𝓊u𝓋v𝓌w𝓍x𝓎y𝓏z𝓐a𝓑b𝓒c𝓓d𝓔e𝓕f𝓖g𝓗h𝓘i𝓙j𝓚k𝓛l𝓜m" +
        "𝓝n𝓞o𝓟p𝓠q𝓡r𝓢s𝓣t𝓤u𝓥v𝓦w𝓧x𝓨y𝓩z𝓪a𝓫b𝓬c𝓭d𝓮e𝓯f𝓰g𝓱h𝓲i𝓳j𝓴k𝓵l𝓶m𝓷n𝓸o𝓹p𝓺q𝓻r𝓼s𝓽t𝓾u" +
        "𝓿v𝔀w𝔁x𝔂y𝔃z𝔄a𝔅b𝔇d𝔈e𝔉f𝔊g𝔍j𝔎k𝔏l𝔐m𝔑n𝔒o𝔓p𝔔q𝔖s𝔗t𝔘u𝔙v𝔚w𝔛x𝔜y𝔞a𝔟b𝔠c𝔡d𝔢e𝔣f𝔤g𝔥h" +
        "𝔦i𝔧j𝔨k𝔩l𝔪m𝔫n𝔬o𝔭p𝔮q𝔯r𝔰s𝔱t𝔲u𝔳v𝔴w𝔵x𝔶y𝔷z𝔸a𝔹b𝔻d𝔼e𝔽f𝔾g𝕀i𝕁j𝕂k𝕃l𝕄m𝕆o𝕊s𝕋t𝕌u𝕍v" +
        "𝕎w𝕏x𝕐y𝕒a𝕓b𝕔c𝕕d𝕖e𝕗f𝕘g𝕙h𝕚i𝕛j𝕜k𝕝l𝕞m𝕟n𝕠o𝕡p𝕢q𝕣r𝕤s𝕥t𝕦u𝕧v𝕨w𝕩x𝕪y𝕫z𝕬a𝕭b𝕮c𝕯d𝕰e" +
        "𝕱f𝕲g𝕳h𝕴i𝕵j𝕶k𝕷l𝕸m𝕹n𝕺o𝕻p𝕼q𝕽r𝕾s𝕿t𝖀u𝖁v𝖂w𝖃x𝖄y𝖅z𝖆a𝖇b𝖈c𝖉d𝖊e𝖋f𝖌g𝖍h𝖎i𝖏j𝖐k𝖑l𝖒m" +
        "𝖓n𝖔o𝖕p𝖖q𝖗r𝖘s𝖙t𝖚u𝖛v𝖜w𝖝x𝖞y𝖟z𝖠a𝖡b𝖢c𝖣d𝖤e𝖥f𝖦g𝖧h𝖨i𝖩j𝖪k𝖫l𝖬m𝖭n𝖮o𝖯p𝖰q𝖱r𝖲s𝖳t𝖴u" +
        "𝖵v𝖶w𝖷x𝖸y𝖹z𝖺a𝖻b𝖼c𝖽d𝖾e𝖿f𝗀g𝗁h𝗂i𝗃j𝗄k𝗅l𝗆m𝗇n𝗈o𝗉p𝗊q𝗋r𝗌s𝗍t𝗎u𝗏v𝗐w𝗑x𝗒y𝗓z𝗔a𝗕b𝗖c" +
        "𝗗d𝗘e𝗙f𝗚g𝗛h𝗜i𝗝j𝗞k𝗟l𝗠m𝗡n𝗢o𝗣p𝗤q𝗥r𝗦s𝗧t𝗨u𝗩v𝗪w𝗫x𝗬y𝗭z𝗮a𝗯b𝗰c𝗱d𝗲e𝗳f𝗴g𝗵h𝗶i𝗷j𝗸k" +
        "𝗹l𝗺m𝗻n𝗼o𝗽p𝗾q𝗿r𝘀s𝘁t𝘂u𝘃v𝘄w𝘅x𝘆y𝘇z𝘈a𝘉b𝘊c𝘋d𝘌e𝘍f𝘎g𝘏h𝘐i𝘑j𝘒k𝘓l𝘔m𝘕n𝘖o𝘗p𝘘q𝘙r𝘚s" +
        "𝘛t𝘜u𝘝v𝘞w𝘟x𝘠y𝘡z𝘢a𝘣b𝘤c𝘥d𝘦e𝘧f𝘨g𝘩h𝘪i𝘫j𝘬k𝘭l𝘮m𝘯n𝘰o𝘱p𝘲q𝘳r𝘴s𝘵t𝘶u𝘷v𝘸w𝘹x𝘺y𝘻z𝘼a" +
        "𝘽b𝘾c𝘿d𝙀e𝙁f𝙂g𝙃h𝙄i𝙅j𝙆k𝙇l𝙈m𝙉n𝙊o𝙋p𝙌q𝙍r𝙎s𝙏t𝙐u𝙑v𝙒w𝙓x𝙔y𝙕z𝙖a𝙗b𝙘c𝙙d𝙚e𝙛f𝙜g𝙝h𝙞i" +
        "𝙟j𝙠k𝙡l𝙢m𝙣n𝙤o𝙥p𝙦q𝙧r𝙨s𝙩t𝙪u𝙫v𝙬w𝙭x𝙮y𝙯z𝙰a𝙱b𝙲c𝙳d𝙴e𝙵f𝙶g𝙷h𝙸i𝙹j𝙺k𝙻l𝙼m𝙽n𝙾o𝙿p𝚀q" +
        "𝚁r𝚂s𝚃t𝚄u𝚅v𝚆w𝚇x𝚈y𝚉z𝚊a𝚋b𝚌c𝚍d𝚎e𝚏f𝚐g𝚑h𝚒i𝚓j𝚔k𝚕l𝚖m𝚗n𝚘o𝚙p𝚚q𝚛r𝚜s𝚝t𝚞u𝚟v𝚠w𝚡x𝚢y" +
        "𝚣z𝟎0𝟏1𝟐2𝟑3𝟒4𝟓5𝟔6𝟕7𝟖8𝟗9𝟘0𝟙1𝟚2𝟛3𝟜4𝟝5𝟞6𝟟7𝟠8𝟡9𝟢0𝟣1𝟤2𝟥3𝟦4𝟧5𝟨6𝟩7𝟪8𝟫9𝟬0𝟭1𝟮2" +
        "𝟯3𝟰4𝟱5𝟲6𝟳7𝟴8𝟵9𝟶0𝟷1𝟸2𝟹3𝟺4𝟻5𝟼6𝟽7𝟾8𝟿9🄀0-🄁0-🄂1-🄃2-🄄3-🄅4-🄆5-🄇6-🄈7-🄉8-🄊9-🄐-a-" +
        "🄑-b-🄒-c-🄓-d-🄔-e-🄕-f-🄖-g-🄗-h-🄘-i-🄙-j-🄚-k-🄛-l-🄜-m-🄝-n-🄞-o-🄟-p-🄠-q-🄡-r-🄢-s-🄣-t-🄤-u-" +
        "🄥-v-🄦-w-🄧-x-🄨-y-🄩-z-🄪-s-🄫c🄬r🄭cd🄮wz🄰a🄱b🄲c🄳d🄴e🄵f🄶g🄷h🄸i🄹j🄺k🄻l🄼m🄽n🄾o🄿p🅀q🅁r🅂s🅃t" +
        "🅄u🅅v🅆w🅇x🅈y🅉z🅊hv🅋mv🅌sd🅍ss🅎ppv🅏wc🅪mc🅫md🅬mr🆐dj🯰0🯱1🯲2🯳3🯴4🯵5🯶6🯷7🯸8🯹9";

    /// <summary>The ASCII that <paramref name="character"/> (one code point outside ASCII, as UTF-16) decomposes to; empty when
    /// nothing of it is an ASCII letter or digit.</summary>
    public static ReadOnlySpan<char> Decompose(ReadOnlySpan<char> character)
    {
        var found = Table.AsSpan().IndexOf(character);
        if (found < 0)
            return [];
        var rest = Table.AsSpan(found + character.Length);
        var end = 0;
        while (end < rest.Length && char.IsAscii(rest[end]))
            end++;
        return rest[..end];
    }
}
