using System.Text.Json;
using MediaAspire.Core.Jobs;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Queue;

internal static class JobQueueWorkerHostExtensions
{
    /// <summary>Adds the queue and what runs its jobs. Kinds are added by <see cref="AddJobHandler"/>.</summary>
    public static IHostApplicationBuilder AddJobs(this IHostApplicationBuilder builder)
    {
        builder.AddJobQueue();
        builder.Services.AddOptionsWithValidateOnStart<JobWorkerOptions, JobWorkerOptionsValidator>()
            .BindConfiguration(JobOptions.SectionName);
        builder.Services.TryAddSingleton<JobHandlers>();
        builder.Services.TryAddSingleton<JobLeases>();
        builder.Services.TryAddSingleton<JobCompletions>();
        builder.Services.TryAddSingleton<JobRunner>();
        builder.Services.AddHostedService<JobConsumer>();
        builder.Services.AddHostedService<JobStatsReporter>();

        return builder;
    }

    /// <summary>Registers the handler of a kind of job.</summary>
    /// <param name="services">The services.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="concurrency">
    /// Returns the number of jobs of the kind that this worker runs at once, at least 1, in places of their own: they keep no other kind
    /// waiting, and none keeps them waiting. Null for a share of <see cref="JobWorkerOptions.Concurrency"/>.
    /// </param>
    public static IServiceCollection AddJobHandler<TPayload, THandler>(
        this IServiceCollection services, JobKind<TPayload> kind, Func<IServiceProvider, int>? concurrency = null)
        where THandler : class, IJobHandler<TPayload>
    {
        services.TryAddSingleton<THandler>();
        services.AddSingleton(provider =>
        {
            var handler = provider.GetRequiredService<THandler>();
            return new JobHandlerRegistration(
                kind.Name,
                (job, cancellationToken) => handler.HandleAsync(
                    Read(kind, job), new JobContext(job.Id, job.Attempt, job.MaxAttempts, job.EnqueuedAt), cancellationToken),
                concurrency?.Invoke(provider));
        });

        return services;
    }

    private static TPayload Read<TPayload>(JobKind<TPayload> kind, LeasedJob job)
    {
        try
        {
            return kind.Read(job.Payload);
        }
        catch (JsonException exception)
        {
            throw new JobRejectedException($"The payload is not valid for a job \"{kind.Name}\": {exception.Message}");
        }
    }
}
