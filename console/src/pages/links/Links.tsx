import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { get, remove, type Schemas } from '../../api/client';
import { command } from '../../api/curl';
import { useTalk } from '../../ui/dialogs';
import { Page } from '../../ui/page';
import { Button, Panel, Time } from '../../ui/parts';
import { Bones, Empty, Fault } from '../../ui/states';

type Shared = Schemas['SharedItemResponse'];

/** The links to media that work now, and their end. */
export default function Links() {
  const client = useQueryClient();
  const { ask, tell, tellFault } = useTalk();
  const query = useInfiniteQuery({
    queryKey: ['links'],
    queryFn: ({ pageParam, signal }) => get('/media/shares', { query: { after: pageParam, limit: 100 }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 3 ? false : 15_000),
  });
  const end = useMutation({
    mutationFn: (link: Shared) => remove('/media/{id}/shares/{share}', { path: { id: link.media, share: link.id } }),
    onSuccess: () => tell('The link does not work any more.'), onError: tellFault, onSettled: () => client.invalidateQueries({ queryKey: ['links'] }),
  });
  const revoke = async (link: Shared) => {
    if (await ask({ title: `End the link to ${link.mediaName}?`, text: 'It stops working at once, for everyone who has it.', action: 'End the link', danger: true })) end.mutate(link);
  };
  const links = query.data?.pages.flatMap((page) => page.shares) ?? [];
  return (
    <Page
      title="Shared links" intro="Links by which anyone sees an item until they expire. Their addresses were shown when they were made."
      actions={<Link className="button" to="/gallery">Gallery</Link>}
      commands={[
        command('All links', 'get', '/media/shares'),
        command('End one', 'delete', '/media/{id}/shares/{share}', { path: { id: links[0]?.media ?? 'ITEM', share: links[0]?.id ?? 'LINK' } }),
      ]}
    >
      <Panel flush>
        {query.isPending ? <Bones rows={6} /> : query.isError && links.length === 0 ? <Fault error={query.error} onRetry={() => void query.refetch()} /> : links.length === 0 ? (
          <Empty icon="share" title="Nothing is shared">Open an item of the gallery and choose <strong>Share</strong>.</Empty>
        ) : (
          <>
            <table className="table cards">
              <thead><tr><th>Item</th><th>Saved as</th><th>Owner</th><th>Made</th><th>By</th><th>Expires</th><th className="actions"><span className="hidden-text">Actions</span></th></tr></thead>
              <tbody>
                {links.map((link) => (
                  <tr key={link.id}>
                    <td className="break"><Link to="/gallery" search={{ item: link.media }}>{link.mediaName}</Link></td>
                    <td className="break" data-label="Saved as">{link.name ?? '–'}</td>
                    <td data-label="Owner">{link.owner}</td>
                    <td data-label="Made"><Time at={link.createdAt} /></td>
                    <td data-label="By">{link.createdBy ?? '–'}</td>
                    <td data-label="Expires"><Time at={link.expiresAt} /></td>
                    <td className="actions"><Button size="small" variant="danger" icon="close" busy={end.isPending && end.variables?.id === link.id} onClick={() => void revoke(link)}>End</Button></td>
                  </tr>
                ))}
              </tbody>
            </table>
            {query.hasNextPage && <div className="more"><Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>More</Button></div>}
          </>
        )}
      </Panel>
    </Page>
  );
}
