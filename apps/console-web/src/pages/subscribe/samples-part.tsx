import {
  ClipboardCopyButton,
  CodeBlock,
  CodeBlockAction,
  CodeBlockCode,
  Tab,
  Tabs,
  TabTitleText,
} from '@patternfly/react-core';
import { useState } from 'react';
import { Command } from '../../parts/command.js';
import { words } from '../../words/words.js';
import { SAMPLES } from './samples.js';

const { subscribe: said } = words;

/** A complete subscriber in each language. */
export function SamplesPart() {
  const [shown, show] = useState<string | number>(SAMPLES[0].language);
  return (
    <Tabs
      activeKey={shown}
      onSelect={(_event, key) => show(key)}
      aria-label={said.samples}
      className="subscribe-samples"
    >
      {SAMPLES.map(({ language, text, run }) => (
        <Tab key={language} eventKey={language} title={<TabTitleText>{language}</TabTitleText>}>
          <p>{said.run}</p>
          <Command label={`${said.run}: ${language}`}>{run}</Command>
          <CodeBlock
            actions={
              <CodeBlockAction>
                <CopyButton language={language} text={text} />
              </CodeBlockAction>
            }
          >
            <div
              className="subscribe-code"
              role="region"
              aria-label={said.sample(language)}
              tabIndex={0}
            >
              <CodeBlockCode>{text}</CodeBlockCode>
            </div>
          </CodeBlock>
        </Tab>
      ))}
    </Tabs>
  );
}

function CopyButton({ language, text }: { readonly language: string; readonly text: string }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <ClipboardCopyButton
      id={`copy-${language}`}
      variant="plain"
      aria-label={said.copySample(language)}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      onTooltipHidden={() => setCopied(false)}
    >
      {isCopied ? words.common.copied : words.common.copy}
    </ClipboardCopyButton>
  );
}
