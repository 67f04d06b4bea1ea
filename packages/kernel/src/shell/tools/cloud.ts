import { tool, type Tool, type ToolTable } from "../tool.ts";

const ANY =
  "-[aAbcdDefFhiIklLmnNopPqrRsStTuvVwWxyYz] -n:plain --namespace:plain -o:plain --output:plain -l:plain --selector:plain -f:read --filename:read -c:plain --context:plain --kubeconfig:read --all --all-namespaces -A --watch --follow --tail:plain --since:plain --filter:plain --format:plain --no-trunc --quiet --force --grace-period:plain --timeout:plain --wait? --dry-run? --show-labels --sort-by:plain --no-headers --container:plain --previous --region:plain --profile:plain --query:plain --recursive --acl:plain --bucket:plain --key:plain --var:plain -var:plain --var-file:read -var-file:read -auto-approve -out:write -target:plain -input? -no-color -json -lock? -refresh? -upgrade -reconfigure -backend-config:plain -chdir? -detailed-exitcode -destroy!destructive --yes --set:plain --values:read --install --version:plain --repo:plain --create-namespace --atomic --project:plain --zone:plain --limit:plain --type:plain --name:plain --replicas:plain --image:plain --volumes --timestamps --tag:plain -t:plain --build-arg:plain --no-cache --pull --platform:plain --push --file:read --progress:plain --target:plain --detach --remove-orphans --build --no-deps --scale:plain --services --images --size --latest --no-stream --exit-code-from:plain --abort-on-container-exit --project-name:plain --env-file:read --group:plain --subscription:plain --resource-group:plain -g:plain --help --version";

const reads = (): Tool => tool("network", ANY, "plain");
const changes = (): Tool => tool("privileged", ANY, "plain");
const removes = (): Tool => tool("destructive", ANY, "plain");
const builds = (): Tool => tool("executes_code", ANY, "plain");

const RUN =
  "-[diPqtT] -a:plain -c:plain -e:environment --env:environment --env-file:read -h:plain -l:plain -m:plain -p:plain -u:plain -v:plain!privileged --volume:plain!privileged --mount:plain!privileged -w:plain --workdir:plain --rm --name:plain --network:plain --net:plain --entrypoint:shell --user:plain --detach --interactive --tty --privileged!destructive --cap-add:plain!destructive --pid:plain!destructive --ipc:plain!privileged --userns:plain!privileged --device:plain!privileged --security-opt:plain!privileged --gpus:plain --memory:plain --cpus:plain --publish:plain --publish-all --restart:plain --platform:plain --pull:plain --hostname:plain --label:plain --add-host:plain --init --read-only --tmpfs:plain --ulimit:plain --shm-size:plain --link:plain --log-driver:plain --no-deps --service-ports --build --quiet --cidfile:write --volumes-from:plain!privileged --expose:plain --dns:plain --ip:plain --group-add:plain --index:plain --env-from:plain --detach-keys:plain";

const CONTAINER: Readonly<Record<string, Tool>> = {
  "ps images logs inspect top stats port version info events history search diff help context-ls": reads(),
  "run exec": tool("executes_code", RUN, "second_command"),
  "build buildx bake": builds(),
  "pull push login logout tag commit save load export import create start restart rename update attach wait unpause pause cp init scan scout plugin swarm service stack node secret config checkpoint manifest trust":
    changes(),
  "stop kill rm rmi": removes(),
  "container image volume network system builder context": tool("privileged", ANY, "plain", {
    subcommands: {
      "ls list ps inspect df info logs top stats history events": reads(),
      "rm prune remove kill stop rmi": removes(),
      "run exec": tool("executes_code", RUN, "second_command"),
    },
    otherwise: changes(),
  }),
  compose: tool("executes_code", `${ANY} -p:plain --profile:plain --project-directory:plain`, "plain", {
    subcommands: {
      "ps logs images config ls top port version events": reads(),
      "down rm kill stop": removes(),
      "run exec": tool("executes_code", RUN, "second_command"),
    },
    otherwise: builds(),
  }),
};

/** Containers, clusters and clouds: what they reach lies outside this machine. */
export const CLOUD_TOOLS: ToolTable = {
  "docker podman nerdctl": tool(
    "network",
    "-H:plain!privileged --host:plain!privileged -c:plain --context:plain --config:script -l:plain --log-level:plain -D --debug --version --help -v",
    "plain",
    { subcommands: CONTAINER, bare: "read_only", otherwise: builds() },
  ),
  "docker-compose podman-compose": tool("executes_code", `${ANY} -p:plain --profile:plain`, "plain", {
    subcommands: {
      "ps logs images config top version": reads(),
      "down rm kill stop": removes(),
      "run exec": tool("executes_code", RUN, "second_command"),
    },
    otherwise: builds(),
  }),
  "kubectl oc k3s microk8s": tool("network", ANY, "plain", {
    subcommands: {
      "get describe logs log top version cluster-info api-resources api-versions explain events auth diff wait config":
        reads(),
      "apply create edit patch replace scale rollout set label annotate expose autoscale cordon uncordon taint certificate cp run":
        changes(),
      "delete drain": removes(),
      "exec debug attach": tool("executes_code", `${ANY} -it -i -t --stdin --tty`, "dashed_command"),
      "port-forward proxy": reads(),
    },
    otherwise: builds(),
    bare: "read_only",
  }),
  "helm helmfile kustomize argocd flux istioctl skaffold tilt": tool("network", ANY, "plain", {
    subcommands: {
      "list ls status get show search history version template lint env repo dependency build diff": reads(),
      "uninstall delete rollback destroy": removes(),
    },
    otherwise: tool("privileged", `${ANY} --post-renderer:shell --enable-exec!executes_code`, "plain"),
  }),
  "terraform tofu terragrunt pulumi cdk cdktf": tool("executes_code", ANY, "plain", {
    subcommands: {
      "version output show providers graph fmt validate state workspace stack list ls diff": builds(),
      "destroy apply up force-unlock taint import": removes(),
    },
    otherwise: builds(),
  }),
  "aws gcloud gsutil az doctl hcloud linode-cli flyctl fly heroku ibmcloud oci s3cmd rclone mc eksctl railway render supabase bq":
    tool("network", `${ANY} --delete!destructive`, "plain", {
      otherwise: tool("network", ANY, "plain"),
      operandEffects: [
        [/^(?:rm|rb|delete|terminate|destroy|remove|purge|drop|stop)(?:-|$)|-delete$|^delete/, "destructive"],
        [
          /^(?:cp|mv|sync|create|put|update|run|start|deploy|set|add|attach|invoke|send|copy|move|upload|apply|publish|import|restore|reboot|modify|enable|disable)(?:-|$)/,
          "privileged",
        ],
        [
          /^(?:secretsmanager|get-secret-value|get-login-password|print-access-token|sts|ssm|get-parameters?|credentials|secrets?)$/,
          "sensitive_read",
        ],
        [/^(?:ssh|exec|shell|console|execute-command|send-command|run-command|start-session)$/, "executes_code"],
      ],
    }),
  "ansible ansible-playbook puppet chef salt": tool(
    "executes_code",
    "-[bkKCDv] -i:read -m:plain -a:shell -e:plain -u:plain -l:plain -t:plain --check --diff --limit:plain --tags:plain --extra-vars:plain --become",
    "plain",
  ),
  "minikube kind k3d colima limactl multipass lxc lxd incus virsh qemu-system-x86_64 VBoxManage": tool(
    "privileged",
    ANY,
    "plain",
  ),
};
