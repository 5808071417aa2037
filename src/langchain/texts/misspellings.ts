/** Common misspellings that are no words themselves, so that mending them is safe. */
const MISSPELLINGS: ReadonlyMap<string, string> = new Map(
  `teh:the hte:the taht:that thsi:this adn:and nad:and waht:what whcih:which wich:which wiht:with jsut:just recieve:receive
  recieved:received reciept:receipt beleive:believe belive:believe acheive:achieve acheived:achieved seperate:separate
  seperately:separately definately:definitely definitly:definitely occured:occurred occuring:occurring occurence:occurrence
  untill:until tommorow:tomorrow tommorrow:tomorrow tomorow:tomorrow wierd:weird freind:friend freinds:friends thier:their
  becuase:because becasue:because beacuse:because accomodate:accommodate accomodation:accommodation adress:address
  adresses:addresses agian:again allready:already alot:a-lot arguement:argument assesment:assessment begining:beginning
  buisness:business bussiness:business calender:calendar catagory:category collegue:colleague collegues:colleagues
  comming:coming commited:committed commitee:committee comittee:committee completly:completely concious:conscious
  decison:decision dependancy:dependency desicion:decision develope:develop developement:development diffrent:different
  dissapoint:disappoint dissapointed:disappointed embarass:embarrass enviroment:environment exemple:example
  existance:existence experiance:experience familar:familiar finaly:finally foward:forward fourty:forty foriegn:foreign
  garantee:guarantee gaurantee:guarantee goverment:government grammer:grammar happend:happened harrass:harass heigth:height
  hieght:height immediatly:immediately imediately:immediately independant:independent infomation:information
  intresting:interesting interupt:interrupt knowlege:knowledge knowledgable:knowledgeable liason:liaison libary:library
  lisence:licence maintainance:maintenance maintenence:maintenance managment:management millenium:millennium
  mispell:misspell eror:error sentance:sentence paragragh:paragraph speach:speech tounge:tongue neccessary:necessary necesary:necessary neccesary:necessary noticable:noticeable ocassion:occasion
  occassion:occasion oppurtunity:opportunity oportunity:opportunity paralell:parallel particulary:particularly
  peice:piece performence:performance persistant:persistent posession:possession possable:possible prefered:preferred
  presance:presence privilage:privilege priviledge:privilege probaly:probably probly:probably proffesional:professional
  promiss:promise publically:publicly realy:really reccomend:recommend recomend:recommend recomended:recommended
  refered:referred refering:referring relevent:relevant religous:religious remeber:remember rember:remember
  repitition:repetition resistence:resistance responsability:responsibility responce:response restaraunt:restaurant
  rythm:rhythm sence:sense shedule:schedule schedual:schedule sieze:seize similiar:similar sincerly:sincerely
  succesful:successful successfull:successful sucessful:successful succesfully:successfully sucess:success
  supercede:supersede suprise:surprise suprised:surprised tecnical:technical thankyou:thank-you threshhold:threshold
  truely:truly unfortunatly:unfortunately usefull:useful vaccum:vacuum vehical:vehicle visable:visible wether:whether
  writting:writing yeild:yield youre:you’re dont:don’t doesnt:doesn’t didnt:didn’t isnt:isn’t wasnt:wasn’t werent:weren’t
  wouldnt:wouldn’t couldnt:couldn’t shouldnt:shouldn’t havent:haven’t hasnt:hasn’t arent:aren’t im:I’m ive:I’ve
  thats:that’s whats:what’s theres:there’s theyre:they’re`
    .trim()
    .split(/\s+/)
    .map((pair): [string, string] => {
      const [wrong = "", right = ""] = pair.split(":");
      return [wrong, right.replace("-", " ")];
    }),
);

/** The right spelling in the case of the word, or undefined. */
export function corrected(word: string): string | undefined {
  const right = MISSPELLINGS.get(word.toLowerCase());
  if (right === undefined) return undefined;
  if (word.length > 2 && word === word.toUpperCase()) return right.toUpperCase();
  return /^\p{Lu}/u.test(word) ? right.charAt(0).toUpperCase() + right.slice(1) : right;
}
