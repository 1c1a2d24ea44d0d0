using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MediaAspire.Worker.Confinement;

/// <summary>A filter of system calls (seccomp): no sockets, no look into other processes, no ways around Landlock.</summary>
/// <remarks>Refused calls fail with EACCES. Calls in the form of another processor, whose numbers differ, end the process.</remarks>
internal static unsafe class SystemCallFilter
{
    private const int SetNoNewPrivileges = 38;
    private const int SetSeccomp = 22;
    private const nint ModeFilter = 2;

    // Opcodes of classic BPF: load a word, jump if equal, jump if greater or equal, return.
    private const ushort Load = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfAtLeast = 0x35;
    private const ushort Return = 0x06;

    private const uint Allow = 0x7FFF_0000;
    private const uint Kill = 0x8000_0000;
    private const uint Refuse = 0x0005_0000 | 13;

    // Offsets of struct seccomp_data.
    private const uint Number = 0;
    private const uint Processor = 4;

    // Numbers of x86 with 32 bits of address begin here, under the same name of the processor.
    private const uint FirstOfX32 = 0x4000_0000;

    // socket, io_uring_setup, ptrace, process_vm_readv and _writev, bpf, perf_event_open, userfaultfd, add_key, request_key, keyctl, mount,
    // umount2, unshare, setns, pivot_root, open_by_handle_at.
    private static readonly uint[] s_x64 = [41, 425, 101, 310, 311, 321, 298, 323, 248, 249, 250, 165, 166, 272, 308, 155, 304];
    private static readonly uint[] s_arm64 = [198, 425, 117, 270, 271, 280, 241, 282, 217, 218, 219, 40, 39, 97, 268, 41, 265];

    /// <summary>Gets a value indicating whether the numbers of this processor's system calls are known here.</summary>
    public static bool IsKnownProcessor => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>Filters the calls of this thread, and of all that it starts.</summary>
    /// <returns>A value indicating whether the kernel has such filters.</returns>
    /// <exception cref="Win32Exception">The kernel refused it.</exception>
    public static bool Apply()
    {
        if (!OperatingSystem.IsLinux() || !IsKnownProcessor)
        {
            return false;
        }

        var isX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        Instruction[] program =
        [
            new(Load, 0, 0, Processor),
            new(JumpIfEqual, 1, 0, isX64 ? 0xC000_003E : 0xC000_00B7),
            new(Return, 0, 0, Kill),
            new(Load, 0, 0, Number),
            new(JumpIfAtLeast, 0, 1, FirstOfX32),
            new(Return, 0, 0, Refuse),
            .. (isX64 ? s_x64 : s_arm64).SelectMany(number => new Instruction[]
            {
                new(JumpIfEqual, 0, 1, number),
                new(Return, 0, 0, Refuse),
            }),
            new(Return, 0, 0, Allow),
        ];

        // Without this, only root may filter. It also keeps programs with the set-user-ID bit from getting rights.
        if (NativeCalls.Control(SetNoNewPrivileges, 1, null, 0, 0) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "New privileges could not be given up.");
        }

        fixed (Instruction* first = program)
        {
            var description = new Program((ushort)program.Length, first);
            return NativeCalls.Control(SetSeccomp, ModeFilter, &description, 0, 0) == 0
                || (Marshal.GetLastPInvokeError() == NativeCalls.NotImplemented ? false
                    : throw new Win32Exception(Marshal.GetLastPInvokeError(), "The filter of system calls could not be set."));
        }
    }

    /// <summary>The structure <c>sock_filter</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Instruction(ushort code, byte ifTrue, byte ifFalse, uint value)
    {
        public readonly ushort Code = code;
        public readonly byte IfTrue = ifTrue;
        public readonly byte IfFalse = ifFalse;
        public readonly uint Value = value;
    }

    /// <summary>The structure <c>sock_fprog</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Program(ushort length, Instruction* instructions)
    {
        public readonly ushort Length = length;
        public readonly Instruction* Instructions = instructions;
    }
}
