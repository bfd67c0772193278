import { createRng } from '../base/index.js'
import {
  createRequestStream,
  type Request,
  type RequestStream,
  type Scenario,
} from '../model/index.js'

/**
 * The requests of a scenario in the simulated time, by arrival; followers come with the request that they follow. The
 * same seed gives the same stream whatever the chip, so that variants are compared on the same requests.
 * @param sloS allowed time per network
 * @param samples number of samples per network
 */
export function scenarioStream(
  scenario: Scenario,
  sloS: readonly number[],
  samples: readonly number[],
  seed: number,
): RequestStream {
  const { networks } = scenario
  const requests: (Request & { readonly leader?: number; readonly id: number })[] = []
  let ids = 0
  networks.forEach((network, index) => {
    if (network.after !== undefined) return
    const rng = createRng(seed, index)
    for (const arrivalS of arrivalTimes(network.arrivals, scenario.serve.seconds, rng)) {
      const leader = ids++
      requests.push({
        ...requestOf(index),
        arrivalS,
        sampleIndex: rng.below(samples[index]),
        id: leader,
      })
      follow(index, arrivalS, leader)
    }
    function follow(leaderIndex: number, arrivalS: number, leader: number): void {
      networks.forEach((other, otherIndex) => {
        if (other.after?.network !== networks[leaderIndex].name) return
        const comes = rng.next() < other.after.probability
        const sampleIndex = rng.below(samples[otherIndex])
        if (!comes) return
        const id = ids++
        requests.push({ ...requestOf(otherIndex), arrivalS, sampleIndex, leader, id })
        follow(otherIndex, arrivalS, id)
      })
    }
  })
  requests.sort((a, b) => a.arrivalS - b.arrivalS || a.id - b.id)
  const place = new Map(requests.map((request, i) => [request.id, i]))
  return createRequestStream(
    requests.map(({ id: _id, leader, ...request }) => ({
      ...request,
      ...(leader === undefined ? {} : { parent: place.get(leader) as number }),
    })),
  )

  function requestOf(index: number) {
    return { traceIndex: index, priority: networks[index].priority, sloS: sloS[index] }
  }
}

function* arrivalTimes(
  arrivals: Scenario['networks'][number]['arrivals'],
  seconds: number,
  rng: ReturnType<typeof createRng>,
): Generator<number> {
  if (arrivals.kind === 'poisson') {
    for (
      let t = rng.exponential(arrivals.ratePerS);
      t < seconds;
      t += rng.exponential(arrivals.ratePerS)
    )
      yield t
    return
  }
  for (let n = 0; n / arrivals.ratePerS < seconds; n++) {
    yield n / arrivals.ratePerS + arrivals.jitterS * rng.next()
  }
}
