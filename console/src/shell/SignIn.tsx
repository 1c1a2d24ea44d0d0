import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Problem } from '../api/problem';
import { sessionQuery, signIn, type SignIn as Ways } from '../api/session';
import { Icon, Mark } from '../ui/icons';
import { Button, Field } from '../ui/parts';
import { FaultNotice } from '../ui/states';

export function SignIn({ ways }: { ways: Ways }) {
  const client = useQueryClient();
  // React would keep a value of its own in the attribute of the page as well.
  const input = useRef<HTMLInputElement>(null);
  const [isEmpty, setIsEmpty] = useState(true);
  const mutation = useMutation({
    mutationFn: () => signIn(input.current?.value.trim() ?? ''),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
  useEffect(() => {
    document.title = 'Sign in · MediaAspire';
  }, []);
  const openId = ways.openIdConnect;
  return (
    <main className="sign-in">
      <div className="card">
        <Mark className="ring-mark" />
        <div>
          <h1>Sign in to MediaAspire</h1>
          <p className="muted">Use an API key. What you may see and do follows from its scopes.</p>
        </div>
        <form className="stack" onSubmit={(event) => { event.preventDefault(); mutation.mutate(); }}>
          <Field label="API key" hint={<>The first key is in the line <code>api-key</code> that <code>run.sh</code> prints.</>}>
            {(ids) => (
              <input
                {...ids} className="input mono" type="password" name="key" autoComplete="current-password" spellCheck={false} autoFocus required
                placeholder="ma_…" ref={input} onChange={(event) => setIsEmpty(event.target.value.trim() === '')}
              />
            )}
          </Field>
          {mutation.isError && (
            mutation.error instanceof Problem && mutation.error.status === 401
              ? <div className="notice bad" role="alert"><Icon name="warning" /><div><strong>The key was refused.</strong> It is wrong, disabled or expired. <code>{mutation.error.code}</code></div></div>
              : <FaultNotice error={mutation.error} />
          )}
          <Button type="submit" variant="primary" busy={mutation.isPending} disabled={isEmpty}>Sign in</Button>
        </form>
        {openId !== null && (
          <>
            <div className="or">or</div>
            <a className="button" href={openId.address}><Icon name="external" />Continue with {openId.name}</a>
          </>
        )}
      </div>
    </main>
  );
}
