import java from '#samples/java/Subscriber.java?raw';
import python from '#samples/python/subscriber.py?raw';
import typescript from '#samples/typescript/subscriber.ts?raw';

/** The samples of the repository themselves, so that what is shown here is what is tested. */
export const SAMPLES = [
  {
    language: 'TypeScript',
    text: typescript,
    run: 'npm install amqplib && node samples/typescript/subscriber.ts',
  },
  { language: 'Python', text: python, run: 'python3 samples/python/subscriber.py' },
  {
    language: 'Java',
    text: java,
    run: 'cd /usr/share/java && java -cp amqp-client.jar:jackson-databind.jar:jackson-core.jar:jackson-annotations.jar:slf4j-api.jar SAMPLES/java/Subscriber.java',
  },
] as const;
