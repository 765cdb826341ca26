/** What every engine gets: numbers as integers in the unit of the measure (hours in tenths, money in hundredths of a yuan), codes as lists. */
export type Measures = {
  ageAtApplication: number
  education: readonly string[]
  skills: readonly string[]
  monthsInsured: number
  wholeYearsEmployed: number
  monthsResident: number
  monthsOwnHome: number
  monthsRentDeclared: number
  volunteerHours: number
  bloodDonated: number
  moneyDonated: number
  taxYears: number
  honours: number
  detentions: number
  taxOffences: number
}

/** The twelve indicators and the total as a programmer would write them for this one scheme; points in hundredths. */
export function handWritten(measures: Measures): { items: number[]; total: number } {
  const { ageAtApplication: years, wholeYearsEmployed: work, monthsInsured, honours, taxYears } = measures
  const age = years < 18 ? 0 : years < 36 ? 3000 : years < 46 ? 2000 : years < 56 ? 750 : 0
  const education = ofCertificates(measures.education)
  const skill = ofGrades(measures.skills)
  const insurance = Math.min(25 * monthsInsured, 4000)
  const employment = Math.min((work < 5 ? 400 : 600) * work, 6000)
  const residence = Math.min(300 * Math.floor(measures.monthsResident / 12), 3000)
  const twelfths = Math.max(100 * Math.min(measures.monthsOwnHome, 240), 50 * Math.min(measures.monthsRentDeclared, 240))
  const home = Math.floor((twelfths + 6) / 12)
  const volunteering = Math.min(200 * Math.floor(measures.volunteerHours / 500), 1000)
  const blood = Math.min(200 * Math.floor(measures.bloodDonated / 200), 1000)
  const donations = Math.min(200 * Math.floor(measures.moneyDonated / 100_000), 1000)
  const recognition = honours >= 1 ? 3000 : taxYears >= 3 && monthsInsured >= 36 ? 600 : 0
  const conduct = 0 - (3000 * measures.detentions + 1200 * measures.taxOffences)
  const sum = age + education + skill + insurance + employment + residence + home + volunteering + blood + donations + recognition + conduct
  return {
    items: [age, education, skill, insurance, employment, residence, home, volunteering, blood, donations, recognition, conduct],
    total: Math.max(sum, 0),
  }
}

function ofCertificates(held: readonly string[]): number {
  let most = 0
  for (const certificate of held) most = Math.max(most, ofCertificate(certificate))
  return most
}

function ofCertificate(certificate: string): number {
  switch (certificate) {
    case 'doctor-degree':
      return 5000
    case 'master-degree':
      return 4000
    case 'bachelor-degree':
      return 2650
    case 'bachelor-diploma':
      return 2000
    case 'college':
      return 1050
    case 'senior-secondary':
      return 500
    default:
      return 0
  }
}

function ofGrades(held: readonly string[]): number {
  let most = 0
  for (const grade of held) most = Math.max(most, ofGrade(grade))
  return most
}

function ofGrade(grade: string): number {
  switch (grade) {
    case 'senior-title':
      return 5000
    case 'level-1':
      return 4000
    case 'middle-title':
      return 2000
    case 'level-3':
      return 1750
    case 'level-4':
      return 1000
    default:
      return 0
  }
}
