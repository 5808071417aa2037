/** English stems: common words dropped, irregular forms mapped to their base, the rest by Porter's rules. */
import { stemmer } from "stemmer";

/** Words too common to tell two texts apart. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about above after again against ain all also am an and any are aren as at be because been before being below
  between both but by can cannot could couldn d did didn do does doesn doing don down during each else ever few for from
  further get got had hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn it
  its itself just let ll m ma may me might mightn more most much must mustn my myself needn no nor not now o of off oh ok
  okay on once only or other ought our ours ourselves out over own please re really s same shall shan she should shouldn so
  some such t than thanks that the their theirs them themselves then there these they this those through to too under until
  up upon us ve very was wasn we were weren what when where whether which while who whom whose why will with won would
  wouldn y yeah yes yet you your yours yourself yourselves`.split(/\s+/),
);

/** Forms that Porter's rules cannot bring together: form on the left, base on the right. */
const IRREGULAR: ReadonlyMap<string, string> = new Map(
  `ate:eat eaten:eat awoke:awake bore:bear borne:bear beat:beat beaten:beat became:become began:begin begun:begin bent:bend
  bet:bet bit:bite bitten:bite blew:blow blown:blow bought:buy bound:bind bred:breed broke:break broken:break
  brought:bring built:build burnt:burn came:come caught:catch chose:choose chosen:choose clung:cling cost:cost crept:creep
  cut:cut dealt:deal drank:drink drunk:drink drawn:draw drew:draw dreamt:dream driven:drive drove:drive dug:dig fallen:fall
  fed:feed fell:fall felt:feel flew:fly flown:fly forbade:forbid forbidden:forbid forgave:forgive forgiven:forgive
  forgot:forget forgotten:forget fought:fight found:find froze:freeze frozen:freeze gave:give given:give gone:go went:go
  grew:grow grown:grow heard:hear held:hold hid:hide hidden:hide hung:hang kept:keep knew:know known:know laid:lay led:lead
  learnt:learn leapt:leap left:leave lent:lend lit:light lost:lose made:make meant:mean met:meet mistook:mistake paid:pay
  proven:prove ran:run rang:ring rung:ring ridden:ride rode:ride risen:rise rose:rise said:say sang:sing sung:sing sank:sink
  sat:sit saw:see seen:see sent:send sewn:sew shaken:shake shook:shake shone:shine shot:shoot shown:show shrank:shrink
  slept:sleep slid:slide sold:sell sought:seek spent:spend spoke:speak spoken:speak spun:spin sprang:spring stole:steal
  stolen:steal stood:stand struck:strike stuck:stick swam:swim swum:swim swept:sweep swore:swear sworn:swear taken:take
  took:take taught:teach tore:tear torn:tear thought:think threw:throw thrown:throw told:tell understood:understand
  woke:wake woken:wake won:win wore:wear worn:wear wove:weave withdrew:withdraw written:write wrote:write
  children:child feet:foot geese:goose men:man women:woman mice:mouse people:person teeth:tooth wives:wife
  knives:knife shelves:shelf thieves:thief wolves:wolf halves:half criteria:criterion data:datum media:medium
  better:good best:good worse:bad worst:bad elder:old eldest:old`
    .trim()
    .split(/\s+/)
    .map((pair): [string, string] => {
      const [form = "", base = ""] = pair.split(":");
      return [form, base];
    }),
);

/** The stem of one lower-case word. Words with anything but a-z in them stand for themselves. */
export function stem(word: string): string {
  if (!/^[a-z]+$/.test(word)) return word;
  return stemmer(IRREGULAR.get(word) ?? word);
}
