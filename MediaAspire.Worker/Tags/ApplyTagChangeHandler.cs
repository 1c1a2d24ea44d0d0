using MediaAspire.Core.Tags;
using MediaAspire.Worker.Queue;

namespace MediaAspire.Worker.Tags;

/// <summary>Applies a rename or a deletion of a tag to every item that has it. Idempotent: changed items have the tag no more.</summary>
internal sealed class ApplyTagChangeHandler(TagRenamer renamer) : IJobHandler<ApplyTagChange>
{
    public Task HandleAsync(ApplyTagChange payload, JobContext job, CancellationToken cancellationToken) =>
        renamer.ApplyAsync(payload.Change, cancellationToken);
}
