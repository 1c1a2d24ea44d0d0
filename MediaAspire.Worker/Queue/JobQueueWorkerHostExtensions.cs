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
        builder.Services.AddOptionsWithValidateOnStart<JobWorkerOptions, JobWorkerOptionsValidator>().BindConfiguration(JobOptions.SectionName);
        builder.Services.TryAddSingleton<JobHandlers>();
        builder.Services.TryAddSingleton<JobLeases>();
        builder.Services.TryAddSingleton<JobCompletions>();
        builder.Services.TryAddSingleton<JobRunner>();
        builder.Services.AddHostedService<JobConsumer>();
        builder.Services.AddHostedService<JobStatsReporter>();

        return builder;
    }

    /// <summary>Lets this worker do the jobs of a kind.</summary>
    public static IServiceCollection AddJobHandler<TPayload, THandler>(this IServiceCollection services, JobKind<TPayload> kind)
        where THandler : class, IJobHandler<TPayload>
    {
        services.TryAddSingleton<THandler>();
        services.AddSingleton(provider =>
        {
            var handler = provider.GetRequiredService<THandler>();
            return new JobHandlerRegistration(
                kind.Name,
                (job, cancellationToken) => handler.HandleAsync(
                    Read(kind, job), new JobContext(job.Id, job.Attempt, job.MaxAttempts, job.EnqueuedAt), cancellationToken));
        });

        return services;
    }

    private static TPayload Read<TPayload>(JobKind<TPayload> kind, ClaimedJob job)
    {
        try
        {
            return kind.Read(job.Payload);
        }
        catch (JsonException exception)
        {
            throw new JobRejectedException($"The payload is not one of \"{kind.Name}\": {exception.Message}");
        }
    }
}
