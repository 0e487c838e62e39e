export function KioskPage() {
  return null;
}
